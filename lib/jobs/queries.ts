import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { Job, JobDetail, JobDraft, JobEvent } from './schema.ts'

const address = (jobId: string) => `/api/jobs/${encodeURIComponent(jobId)}`

/** Newest first. */
export const jobsQuery = () =>
  queryOptions({ queryKey: ['jobs'], queryFn: ({ signal }) => ask<Job[]>('/api/jobs', { signal }) })

/** Runs of a dataset that a list of versions shows, the newest. */
const RUNS_OF_DATASET = 100

/** Which run was trained on which version of a dataset, newest first. */
export const runsOfDatasetQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['jobs', 'of', datasetId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ dataset: datasetId, limit: String(RUNS_OF_DATASET) })
      return ask<Job[]>(`/api/jobs?${query}`, { signal })
    },
    select: (jobs) =>
      jobs.map(({ id, number, status, model, datasetVersion }) => ({
        ...{ id, number, status, model },
        versionId: datasetVersion?.id ?? null,
      })),
  })

export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['jobs', jobId],
    queryFn: ({ signal }) => ask<JobDetail>(address(jobId), { signal }),
  })

/** Newest first. */
export const jobEventsQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['jobs', jobId, 'events'],
    queryFn: ({ signal }) => ask<JobEvent[]>(`${address(jobId)}/events`, { signal }),
  })

export const launchJob = (body: JobDraft) => ask<Job>('/api/jobs', { method: 'POST', body })

export const cancelJob = (jobId: string) => ask<Job>(`${address(jobId)}/cancel`, { method: 'POST' })

/** Asks the provider again what became of a run whose answer was lost. */
export const reconcileJob = (jobId: string) => ask<Job>(`${address(jobId)}/reconcile`, { method: 'POST' })

/** The one event stream of a tab: the list, and the run whose page is open; one that does not last ends after each answer. */
export const streamAddress = (jobId: string | null, since: string | null, lasting: boolean) => {
  const query = new URLSearchParams({ lasting: String(lasting) })
  if (jobId) query.set('job', jobId)
  if (since !== null) query.set('since', since)
  return `/api/stream?${query}`
}
