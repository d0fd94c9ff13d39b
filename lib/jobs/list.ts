import { datasetNames } from '#lib/datasets/store.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { kindsOfRuns, type ListWish, pageOf, totalOf } from './list-store.ts'
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

type Kind = Awaited<ReturnType<typeof kindsOfRuns>>[number]

/** How many runs have each value of a column, those without one left out. */
function tally(kinds: readonly Kind[], column: 'status' | 'model' | 'provider_id' | 'dataset_id') {
  const counts = new Map<string, number>()
  for (const { [column]: value, count } of kinds)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + Number(count))
  return [...counts].map(([value, count]) => ({ value, count }))
}

type Choices = Pick<JobListPage, 'states' | 'models' | 'datasets' | 'providers'>

async function choicesIn(kinds: readonly Kind[]): Promise<Choices> {
  const datasets = tally(kinds, 'dataset_id')
  const names = await datasetNames(datasets.map(({ value }) => value))
  const byCount = (a: { count: number }, b: { count: number }) => b.count - a.count
  return {
    states: tally(kinds, 'status')
      .sort(byCount)
      .map(({ value, count }) => ({ status: value, count })),
    models: tally(kinds, 'model')
      .sort((a, b) => a.value.localeCompare(b.value))
      .map(({ value, count }) => ({ model: value, count })),
    datasets: datasets
      .map(({ value, count }) => ({ id: value, name: names.get(value) ?? value, count }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    providers: tally(kinds, 'provider_id')
      .sort(byCount)
      .map(({ value, count }) => ({ id: ProviderId.parse(value), count })),
  }
}

/** A page of the list as its address says it, and what it can be narrowed to. */
export async function listPage(wish: ListWish): Promise<JobListPage> {
  const [total, kinds, spending] = await Promise.all([totalOf(wish), kindsOfRuns(), listSpending()])
  const page = Math.max(1, Math.min(wish.page, Math.ceil(total / wish.limit)))
  const rows = await pageOf({ ...wish, page })
  return {
    ...(await choicesIn(kinds)),
    jobs: rows.map(asJob),
    page,
    total,
    all: kinds.reduce((sum, { count }) => sum + Number(count), 0),
    newest: Math.max(0, ...kinds.map(({ newest }) => Number(newest))),
    spending,
  }
}

/**
 * One run as the list shows it.
 * @throws AppError not_found
 */
export const viewJob = async (jobId: string): Promise<Job> => asJob(await findJobRow(jobId))
