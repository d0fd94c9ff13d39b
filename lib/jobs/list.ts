import { datasetNames } from '#lib/datasets/store.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { filterCounts, type ListFilter, pageOf, totalOf } from './list-store.ts'
import { tagCounts } from './organise-store.ts'
import { type Job, type JobListPage, JobQuery } from './schema.ts'
import { findJobRow, jobPage } from './store.ts'
import { asJob } from './view.ts'

/** A page of jobs, newest first; without the archived ones unless they are asked for. */
export async function listJobs(query: JobQuery = {}): Promise<Job[]> {
  const { after, limit, dataset, archived } = JobQuery.parse(query)
  const [createdAt, id] = after?.split('.') ?? []
  const cursor = createdAt && id ? { createdAt: Number(createdAt), id } : undefined
  return (await jobPage({ limit, after: cursor, datasetId: dataset, archived })).map(asJob)
}

type Kind = Awaited<ReturnType<typeof filterCounts>>[number]

/** How many jobs have each value of a column, without empty ones. */
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

/** A page of the list for its address, with the choices of its filters. */
export async function listPage(filter: ListFilter): Promise<JobListPage> {
  const [total, kinds, tags, spending] = await Promise.all([
    totalOf(filter),
    filterCounts(),
    tagCounts(filter.archived),
    listSpending(),
  ])
  const isArchived = ({ archived }: Kind) => archived === 1
  const countOf = (some: readonly Kind[]) => some.reduce((sum, { count }) => sum + Number(count), 0)
  const page = Math.max(1, Math.min(filter.page, Math.ceil(total / filter.limit)))
  const rows = await pageOf({ ...filter, page })
  return {
    ...(await choicesIn(kinds.filter((kind) => isArchived(kind) === filter.archived))),
    tags: tags.map(({ tag, count }) => ({ tag, count: Number(count) })),
    jobs: rows.map(asJob),
    page,
    total,
    all: countOf(kinds),
    archived: countOf(kinds.filter(isArchived)),
    newest: Math.max(0, ...kinds.map(({ newest }) => Number(newest))),
    spending,
  }
}

/**
 * One job as the list shows it.
 * @throws AppError not_found
 */
export const viewJob = async (jobId: string): Promise<Job> => asJob(await findJobRow(jobId))
