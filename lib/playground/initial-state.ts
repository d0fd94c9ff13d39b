import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { refKey } from '#lib/models/ref.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { deletedModels, hasModel } from '#lib/models/store.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { getComparison } from './history.ts'
import { type Opening, openJob, openModels, type PaneModel } from './initial-panes.ts'
import { presetOf } from './read-preset.ts'
import type { Comparison } from './schema.ts'

/** Parameters of the playground's address. */
export interface OpeningQuery {
  /** A job to compare the models of. */
  job: string | null
  /** For the panes: `PROVIDER/MODEL`, or a name alone; with `+3` for three few-shot examples. */
  model: readonly string[]
  /** An earlier comparison. */
  c: string | null
  /** The query of a saved prompt. */
  preset: string | null
}

function paneModelOf(text: string, models: readonly CatalogModel[]): PaneModel | null {
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

/** The newest job that has something to compare. */
async function latestJob(gone: ReadonlySet<string>): Promise<string | null> {
  const jobs = await listJobs()
  return jobs.find((job) => hasModel(job, gone))?.id ?? null
}

/** A deleted model leaves its pane empty. */
const withoutDeleted = (opening: Opening, gone: ReadonlySet<string>): Opening => ({
  ...opening,
  panes: opening.panes.map((seat) => (seat && gone.has(refKey(seat)) ? null : seat)),
})

async function openPanes({ job, model }: OpeningQuery, models: readonly CatalogModel[]): Promise<Opening> {
  const chosen = model.map((name) => paneModelOf(name, models))
  const gone = await deletedModels()
  const jobId = job ?? (chosen.length === 0 ? await latestJob(gone) : null)
  if (jobId === null) return openModels(models, chosen)
  const opening = withoutDeleted(openJob(await getJob(jobId)), gone)
  return chosen.length > 0 ? { ...opening, panes: chosen } : opening
}

/** The panes of a comparison; a blind one without a vote has no names. */
const withComparison = (opening: Opening, comparison: Comparison): Opening => ({
  ...opening,
  comparison,
  system: comparison.question.system,
  prompt: comparison.question.prompt,
  panes: comparison.hidden ? opening.panes : comparison.panes.map(({ name }) => name),
})

/**
 * The playground's initial state: the comparison or the job that was asked for, else the newest job that succeeded,
 * else the available models.
 * @throws AppError not_found for a job or a comparison that is not here
 */
export async function openPlayground(query: OpeningQuery, models: readonly CatalogModel[]): Promise<Opening> {
  if (query.c === null) return { ...(await openPanes(query, models)), preset: presetOf(query.preset ?? '') }
  const comparison = await getComparison(query.c)
  const opening = await openPanes({ ...query, job: query.job ?? comparison.jobId }, models)
  return withComparison(opening, comparison)
}
