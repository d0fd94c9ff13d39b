import { z } from 'zod'
import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { type CatalogModel, ProviderId } from '#lib/providers/schema.ts'
import { type Opening, openModels, openRun } from './opening.ts'
import { MOST_PANES } from './schema.ts'

const Several = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .catch([])
  .transform((all) => all.slice(0, MOST_PANES))

/** The address of the playground: a run to look at, models for the panes as `PROVIDER/MODEL` or by name alone. */
export const OpeningQuery = z.object({ job: z.string().optional().catch(undefined), model: Several })
export type OpeningQuery = z.infer<typeof OpeningQuery>

function refOf(name: string, models: readonly CatalogModel[]): ModelRef | null {
  const [first = '', ...rest] = name.split('/')
  const provider = ProviderId.safeParse(first)
  const known = models.find(({ id }) => id === name)
  const ref = provider.success
    ? { providerId: provider.data, model: rest.join('/') }
    : { providerId: known?.providerId ?? 'embedded', model: name }
  return ModelRef.safeParse(ref).data ?? null
}

/** The newest run that has something to compare. */
async function latestRun(): Promise<string | undefined> {
  const jobs = await listJobs()
  return jobs.find(({ fineTunedModel }) => fineTunedModel !== null)?.id
}

/**
 * What the playground starts with: the run that was asked for, else the newest one that succeeded, else the models there are.
 * @throws AppError not_found for a run that is not here
 */
export async function openPlayground(
  { job, model }: OpeningQuery,
  models: readonly CatalogModel[],
): Promise<Opening> {
  const chosen = model.map((name) => refOf(name, models)).filter((ref) => ref !== null)
  const runId = job ?? (chosen.length === 0 ? await latestRun() : undefined)
  if (runId === undefined) return openModels(models, chosen)
  const opening = openRun(await getJob(runId))
  return chosen.length > 0 ? { ...opening, panes: chosen } : opening
}
