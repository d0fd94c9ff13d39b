import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { asking } from '#lib/http/fetch.ts'
import { mergeEvents, mergeJobs } from './merge.ts'
import type { Job, JobDraft, JobListQuery, JobsChangeInput } from './schema.ts'
import type { SeriesQuery } from './series-schema.ts'
import { isListed } from './status.ts'
import type { SweepDraft } from './sweep-schema.ts'
import type { WaitingDraft, WaitingLaunch } from './waiting-schema.ts'

const ask = asking(async () => ({
  ...(await import('#lib/datasets/schema.ts')),
  ...(await import('./schema.ts')),
  ...(await import('./series-schema.ts')),
  ...(await import('./waiting-schema.ts')),
}))

const address = (jobId: string) => `/api/jobs/${encodeURIComponent(jobId)}`

/** Newest first. */
export const jobsQuery = () =>
  queryOptions({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => ask(({ Job }) => Job.array(), '/api/jobs', { signal }),
  })

const present = (jobs: readonly Job[]): Job[] =>
  jobs.filter(({ archivedAt, launch }) => archivedAt === null && isListed(launch))

/** Those that are neither archived nor gone: the stream tells of these too. */
export const presentJobsQuery = () => queryOptions({ ...jobsQuery(), select: present })

export const launchJobMutation = () =>
  mutationOptions({
    mutationFn: (body: JobDraft) => ask(({ Job }) => Job, '/api/jobs', { method: 'POST', body }),
    onSettled: (job, _error, _body, _result, { client }) =>
      client.setQueryData(jobsQuery().queryKey, (jobs) => jobs && job && mergeJobs(jobs, [job])),
  })

/** Launches a job for each combination of values. */
export const launchSweepMutation = () =>
  mutationOptions({
    mutationFn: (body: SweepDraft) =>
      ask(({ Job }) => Job.array(), '/api/jobs/sweep', { method: 'POST', body }),
    onSettled: (made, _error, _body, _result, { client }) => {
      client.setQueryData(jobsQuery().queryKey, (jobs) => jobs && made && mergeJobs(jobs, made))
      void client.invalidateQueries({ queryKey: ['job-list'] })
    },
  })

/** Launches that wait until their provider takes another job. */
export const waitingQuery = () =>
  queryOptions({
    queryKey: ['waiting-launches'],
    queryFn: ({ signal }) =>
      ask(({ WaitingLaunch }) => WaitingLaunch.array(), '/api/jobs/waiting', { signal }),
    // They end by themselves, and nothing tells the page of it.
    refetchInterval: ({ state }) => (state.data?.length ? 15_000 : false),
  })

const waitingMutation = <Wish>(mutationFn: (wish: Wish) => Promise<WaitingLaunch[]>) =>
  mutationOptions({
    mutationFn,
    onSettled: (waiting, _error, _wish, _result, { client }) =>
      client.setQueryData(waitingQuery().queryKey, waiting),
  })

export const waitForSlotMutation = () =>
  waitingMutation((body: WaitingDraft) =>
    ask(({ WaitingLaunch }) => WaitingLaunch.array(), '/api/jobs/waiting', { method: 'POST', body }),
  )

export const forgetWaitingMutation = () =>
  waitingMutation((id: string) =>
    ask(({ WaitingLaunch }) => WaitingLaunch.array(), `/api/jobs/waiting/${encodeURIComponent(id)}`, {
      method: 'DELETE',
    }),
  )

/** What the built-in engine trains, and what waits for it. */
export const engineQueueQuery = () =>
  queryOptions({
    queryKey: ['engine-queue'],
    queryFn: ({ signal }) => ask(({ EngineQueue }) => EngineQueue, '/api/jobs/queue', { signal }),
  })

/** Jobs of a dataset that its list of versions shows, the newest. */
const JOBS_OF_DATASET = 100

/** Which job was trained on which version of a dataset, newest first. */
export const runsOfDatasetQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['jobs', 'of', datasetId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        ...{ dataset: datasetId, limit: String(JOBS_OF_DATASET), archived: 'true' },
      })
      return ask(({ Job }) => Job.array(), `/api/jobs?${query}`, { signal })
    },
    select: (jobs) =>
      jobs.map(({ id, number, status, model, datasetVersion }) => ({
        id,
        number,
        status,
        model,
        versionId: datasetVersion?.id ?? null,
      })),
  })

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['jobs', jobId],
    queryFn: ({ signal }) => ask(({ JobDetail }) => JobDetail, address(jobId), { signal }),
  })

/** The answer is the changed job; a refetch brings the fields that only the job page has. */
const jobMutation = <Wish = void>(mutationFn: (wish: Wish) => Promise<Job>) =>
  mutationOptions({
    mutationFn,
    onSettled: (job, _error, _wish, _result, { client }) => {
      if (!job) return
      const { queryKey } = jobQuery(job.id)
      client.setQueryData(queryKey, (known) => known && { ...known, ...job })
      return client.invalidateQueries({ queryKey, exact: true })
    },
  })

/** Asks for the pages of the list again. */
const refreshList = (client: QueryClient) => client.invalidateQueries({ queryKey: ['job-list'] })

/** Names, notes, tags or archives jobs. */
export const organiseJobsMutation = () =>
  mutationOptions({
    mutationFn: (body: JobsChangeInput) =>
      ask(({ Job }) => Job.array(), '/api/jobs', { method: 'PATCH', body }),
    onSettled: (changed, _error, _body, _result, { client }) => {
      if (!changed) return
      client.setQueryData(jobsQuery().queryKey, (jobs) => jobs && mergeJobs(jobs, changed))
      for (const job of changed)
        client.setQueryData(jobQuery(job.id).queryKey, (known) => known && { ...known, ...job })
      return refreshList(client)
    },
  })

/** Cancels several jobs, each by itself. */
export const cancelJobsMutation = () =>
  mutationOptions({
    mutationFn: (ids: readonly string[]) =>
      ask(({ Outcome }) => Outcome, '/api/jobs/cancel', { method: 'POST', body: { ids } }),
    onSettled: (_outcome, _error, _ids, _result, { client }) => refreshList(client),
  })

/** Cancels a job; `keep` asks for the partly trained model, if the provider can keep it. */
export const cancelJobMutation = (jobId: string) =>
  jobMutation((body: { keep: boolean }) =>
    ask(({ Job }) => Job, `${address(jobId)}/cancel`, { method: 'POST', body }),
  )

/** Pauses a job, or puts a paused one back into its queue. */
export const pauseJobMutation = (jobId: string) =>
  jobMutation((change: 'pause' | 'resume') =>
    ask(({ Job }) => Job, `${address(jobId)}/${change}`, { method: 'POST' }),
  )

/** Ends a job that was never found at its provider as failed and releases its reservation. */
export const abandonJobMutation = (jobId: string) =>
  jobMutation(() => ask(({ Job }) => Job, `${address(jobId)}/abandon`, { method: 'POST' }))

/** Looks up at the provider what became of a job whose answer was lost. */
export const reconcileJobMutation = (jobId: string) =>
  jobMutation(() => ask(({ Job }) => Job, `${address(jobId)}/reconcile`, { method: 'POST' }))

/** Newest first. */
export const jobEventsQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['jobs', jobId, 'events'],
    queryFn: ({ signal }) => ask(({ JobEvent }) => JobEvent.array(), `${address(jobId)}/events`, { signal }),
  })

/** Adds the page of events before one to the list. */
export const olderEventsMutation = (jobId: string) =>
  mutationOptions({
    mutationFn: (seq: number) =>
      ask(({ JobEvent }) => JobEvent.array(), `${address(jobId)}/events?before=${seq}`),
    onSettled: (older, _error, _seq, _result, { client }) =>
      client.setQueryData(jobEventsQuery(jobId).queryKey, (all) => older && mergeEvents(all ?? [], older)),
  })

/** A query as a search string, without unset and empty values. */
const searchOf = (query: object): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString()

/** A page of the list for its address. */
export const jobListQuery = (query: JobListQuery) =>
  queryOptions({
    queryKey: ['job-list', query],
    queryFn: ({ signal }) =>
      ask(({ JobListPage }) => JobListPage, `/api/jobs/list?${searchOf(query)}`, { signal }),
  })

/** A job's curve for a plot of a given width. */
export const seriesQuery = (jobId: string, query: SeriesQuery) =>
  queryOptions({
    queryKey: ['series', jobId, query],
    queryFn: ({ signal }) =>
      ask(({ Series }) => Series, `${address(jobId)}/series?${searchOf(query)}`, { signal }),
  })

export const stepRowsQuery = (jobId: string, step: number) =>
  queryOptions({
    queryKey: ['jobs', jobId, 'steps', step],
    queryFn: ({ signal }) => ask(({ StepRows }) => StepRows, `${address(jobId)}/steps/${step}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Jobs side by side: settings, what differs in them and in their data. */
export const comparisonQuery = (jobIds: readonly string[]) =>
  queryOptions({
    queryKey: ['jobs', 'compare', jobIds],
    queryFn: ({ signal }) =>
      ask(({ JobComparison }) => JobComparison, `/api/jobs/compare?runs=${jobIds.join(',')}`, { signal }),
  })

/** Every point of the jobs, as CSV. */
export const curvesAddress = (jobIds: readonly string[]) => `/api/jobs/curves?runs=${jobIds.join(',')}`

/** Makes a dataset of the files that a job was trained on. */
export const importFilesMutation = (jobId: string) =>
  mutationOptions({
    mutationFn: () =>
      ask(({ DatasetSummary }) => DatasetSummary, `${address(jobId)}/import`, { method: 'POST' }),
    onSettled: (dataset, _error, _nothing, _result, { client }) =>
      client.setQueryData(datasetsQuery().queryKey, (all) => all && dataset && [dataset, ...all]),
  })

/**
 * The one event stream of a tab: the list, and the job whose page is open; without `lasting` it ends after each answer.
 */
export const streamAddress = (jobId: string | null, since: string | null, lasting: boolean) => {
  const query = new URLSearchParams({ lasting: String(lasting) })
  if (jobId) query.set('job', jobId)
  if (since !== null) query.set('since', since)
  return `/api/stream?${query}`
}
