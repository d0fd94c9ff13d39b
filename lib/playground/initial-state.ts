import { z } from 'zod'
import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { refKey } from '#lib/models/ref.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { deletedModels, hasModel } from '#lib/models/store.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { getComparison } from './history.ts'
import { type Opening, openModels, openRun, type Seat } from './initial-panes.ts'
import { type Comparison, MOST_PANES } from './schema.ts'

const Several = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .catch([])
  .transform((all) => all.slice(0, MOST_PANES))

/**
 * The address of the playground: a run to look at, models for the panes as `PROVIDER/MODEL` or by name alone (with
 * `+3` for three examples in the prompt; a name that is empty or unreadable leaves its pane to be chosen), a comparison
 * that was made before.
 */
export const OpeningQuery = z.object({
  job: z.string().optional().catch(undefined),
  model: Several,
  c: z.string().max(64).optional().catch(undefined),
})
export type OpeningQuery = z.infer<typeof OpeningQuery>

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
async function latestRun(gone: ReadonlySet<string>): Promise<string | undefined> {
  const jobs = await listJobs()
  return jobs.find((job) => hasModel(job, gone))?.id
}

/** What was deleted is not asked: its pane has a model to choose. */
const withoutDeleted = (opening: Opening, gone: ReadonlySet<string>): Opening => ({
  ...opening,
  panes: opening.panes.map((seat) => (seat && gone.has(refKey(seat)) ? null : seat)),
})

async function openPanes({ job, model }: OpeningQuery, models: readonly CatalogModel[]): Promise<Opening> {
  const chosen = model.map((name) => seatOf(name, models))
  const gone = await deletedModels()
  const runId = job ?? (chosen.length === 0 ? await latestRun(gone) : undefined)
  if (runId === undefined) return openModels(models, chosen)
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
  if (query.c === undefined) return openPanes(query, models)
  const comparison = await getComparison(query.c)
  const opening = await openPanes({ ...query, job: query.job ?? comparison.jobId ?? undefined }, models)
  return withComparison(opening, comparison)
}
