import { ProviderId } from '#lib/providers/schema.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { choicesOf, type ListWish, pageOf, totalOf } from './list-store.ts'
import { type Job, type JobListPage, JobQuery } from './schema.ts'
import { findJobRow, jobPage } from './store.ts'
import { asJob } from './view.ts'

/** A page of runs, newest first. */
export async function listJobs(query: JobQuery = {}): Promise<Job[]> {
  const { after, limit, dataset } = JobQuery.parse(query)
  const [createdAt, id] = after?.split('.') ?? []
  const cursor = createdAt && id ? { createdAt: Number(createdAt), id } : undefined
  return (await jobPage({ limit, after: cursor, datasetId: dataset })).map(asJob)
}

/** A page of the list as its address says it, and what it can be narrowed to. */
export async function listPage(wish: ListWish): Promise<JobListPage> {
  const [rows, total, choices, spending] = await Promise.all([
    pageOf(wish),
    totalOf(wish),
    choicesOf(),
    listSpending(),
  ])
  return {
    ...choices,
    jobs: rows.map(asJob),
    total,
    all: choices.states.reduce((sum, { count }) => sum + count, 0),
    providers: choices.providers.map((id) => ProviderId.parse(id)),
    spending,
  }
}

/**
 * One run as the list shows it.
 * @throws AppError not_found
 */
export const viewJob = async (jobId: string): Promise<Job> => asJob(await findJobRow(jobId))
