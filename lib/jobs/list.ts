import { type Job, JobQuery } from './schema.ts'
import { findJobRow, jobPage } from './store.ts'
import { asJob } from './view.ts'

/** A page of runs, newest first. */
export async function listJobs(query: JobQuery = {}): Promise<Job[]> {
  const { after, limit, dataset } = JobQuery.parse(query)
  const [createdAt, id] = after?.split('.') ?? []
  const cursor = createdAt && id ? { createdAt: Number(createdAt), id } : undefined
  return (await jobPage({ limit, after: cursor, datasetId: dataset })).map(asJob)
}

/**
 * One run as the list shows it.
 * @throws AppError not_found
 */
export const viewJob = async (jobId: string): Promise<Job> => asJob(await findJobRow(jobId))
