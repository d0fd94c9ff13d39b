import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { refKey } from '#lib/models/ref.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { deletedModels, hasModel } from '#lib/models/store.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { getComparison } from './history.ts'
import { type Opening, openModels, openRun, type Seat } from './initial-panes.ts'
import type { Comparison } from './schema.ts'

/** What the address asks for. */
export interface OpeningQuery {
  /** A run to look at. */
  job: string | null
  /** For the panes: `PROVIDER/MODEL`, or a name alone; with `+3` for three examples in the prompt. */
  model: readonly string[]
  /** A comparison that was made before. */
  c: string | null
}

function seatOf(text: string, models: readonly CatalogModel[]): Seat | null {
  const [, name = '', shots = '0'] = /^(.*?)(?:\+(\d{1,2}))?$/s.exec(text) ?? []
  const [first = '', ...rest] = name.split('/')
  const provider = ProviderId.safeParse(first)
  const known = models.find(({ id }) => id === name)
  const ref = ModelRef.safeParse(
    provider.success
      ? { providerId: provider.data, model: rest.join('/') }
      : { providerId: known?.providerId ?? 'embedded', model: name },
  )
  return ref.success ? { ...ref.data, fewShot: Math.min(64, Number(shots)) } : null
}

/** The newest run that has something to compare. */
async function latestRun(gone: ReadonlySet<string>): Promise<string | null> {
  const jobs = await listJobs()
  return jobs.find((job) => hasModel(job, gone))?.id ?? null
}

/** What was deleted is not asked: its pane has a model to choose. */
const withoutDeleted = (opening: Opening, gone: ReadonlySet<string>): Opening => ({
  ...opening,
  panes: opening.panes.map((seat) => (seat && gone.has(refKey(seat)) ? null : seat)),
})

async function openPanes({ job, model }: OpeningQuery, models: readonly CatalogModel[]): Promise<Opening> {
  const chosen = model.map((name) => seatOf(name, models))
  const gone = await deletedModels()
  const runId = job ?? (chosen.length === 0 ? await latestRun(gone) : null)
  if (runId === null) return openModels(models, chosen)
  const opening = withoutDeleted(openRun(await getJob(runId)), gone)
  return chosen.length > 0 ? { ...opening, panes: chosen } : opening
}

/** The panes as they were; those of a blind one have no names yet. */
const withComparison = (opening: Opening, comparison: Comparison): Opening => ({
  ...opening,
  comparison,
  system: comparison.question.system,
  prompt: comparison.question.prompt,
  panes: comparison.hidden ? opening.panes : comparison.panes.map(({ name }) => name),
})

/**
 * What the playground starts with: the comparison or the run that was asked for, else the newest run that succeeded,
 * else the models there are.
 * @throws AppError not_found for a run or a comparison that is not here
 */
export async function openPlayground(query: OpeningQuery, models: readonly CatalogModel[]): Promise<Opening> {
  if (query.c === null) return openPanes(query, models)
  const comparison = await getComparison(query.c)
  const opening = await openPanes({ ...query, job: query.job ?? comparison.jobId }, models)
  return withComparison(opening, comparison)
}
