import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { getJob } from '#lib/jobs/get.ts'
import { listJobs } from '#lib/jobs/list.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { deletedModels, hasModel } from '#lib/models/store.ts'

/** Parameters of the address of a new evaluation. */
interface Asked {
  job?: string | undefined
  dataset?: string | undefined
}

/** Initial values of the form: data or a job that was asked for is never replaced by another. */
interface Beginning {
  job: JobDetail | null
  /** null: to be chosen. */
  datasetId: string | null
}

/** The newest job, of this dataset if one is named, that has a model and rows here to evaluate it on. */
async function newestJob(dataset: string | undefined, datasets: readonly DatasetSummary[]) {
  const jobs = await listJobs({ limit: 100, ...(dataset ? { dataset } : {}) })
  const gone = await deletedModels()
  const isHere = (datasetId: string | null) => datasets.some(({ id }) => id === datasetId)
  return jobs.find((job) => hasModel(job, gone) && isHere(job.datasetId))?.id
}

/**
 * The job and the rows of a new evaluation: those asked for; else the newest job that has both a model and a dataset
 * here, with that dataset; else the first dataset with held-out rows.
 * @throws AppError not_found for a job that is not here
 */
export async function beginEval(
  { job, dataset }: Asked,
  datasets: readonly DatasetSummary[],
): Promise<Beginning> {
  const jobId = job ?? (await newestJob(dataset, datasets))
  const found = jobId ? await getJob(jobId) : null
  const wanted = dataset ?? found?.datasetId
  const rows =
    dataset || found
      ? datasets.find(({ id }) => id === wanted)
      : (datasets.find(({ heldout }) => heldout.examples > 0) ?? datasets[0])
  return { job: found, datasetId: rows?.id ?? null }
}
