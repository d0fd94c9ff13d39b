import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { DatasetSummary } from '#lib/datasets/schema.ts'
import { ask } from '#lib/http/fetch.ts'
import {
  Job,
  JobDetail,
  type JobDraft,
  JobEvent,
  JobListPage,
  type JobListQuery,
  RunComparison,
} from './schema.ts'
import { Series, type SeriesQuery, StepRows } from './series-schema.ts'

const address = (jobId: string) => `/api/jobs/${encodeURIComponent(jobId)}`

/** Newest first. */
export const jobsQuery = () =>
  queryOptions({ queryKey: ['jobs'], queryFn: ({ signal }) => ask(z.array(Job), '/api/jobs', { signal }) })

/** Runs of a dataset that a list of versions shows, the newest. */
const RUNS_OF_DATASET = 100

/** Which run was trained on which version of a dataset, newest first. */
export const runsOfDatasetQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['jobs', 'of', datasetId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ dataset: datasetId, limit: String(RUNS_OF_DATASET) })
      return ask(z.array(Job), `/api/jobs?${query}`, { signal })
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
    queryFn: ({ signal }) => ask(JobDetail, address(jobId), { signal }),
  })

/** Newest first. */
export const jobEventsQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['jobs', jobId, 'events'],
    queryFn: ({ signal }) => ask(z.array(JobEvent), `${address(jobId)}/events`, { signal }),
  })

/** A query as the address says it: what is not set, and what is empty, is left out. */
const searchOf = (query: object): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString()

/** A page of the list as its address says it. */
export const jobListQuery = (query: JobListQuery) =>
  queryOptions({
    queryKey: ['job-list', query],
    queryFn: ({ signal }) => ask(JobListPage, `/api/jobs/list?${searchOf(query)}`, { signal }),
  })

/** A run's curve for a plot of a given width. */
export const seriesQuery = (jobId: string, query: SeriesQuery) =>
  queryOptions({
    queryKey: ['series', jobId, query],
    queryFn: ({ signal }) => ask(Series, `${address(jobId)}/series?${searchOf(query)}`, { signal }),
  })

/** The rows that a step was trained on. */
export const stepRowsQuery = (jobId: string, step: number) =>
  queryOptions({
    queryKey: ['jobs', jobId, 'steps', step],
    queryFn: ({ signal }) => ask(StepRows, `${address(jobId)}/steps/${step}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Runs side by side: settings, what differs in them and in their data. */
export const comparisonQuery = (runs: readonly string[]) =>
  queryOptions({
    queryKey: ['jobs', 'compare', runs],
    queryFn: ({ signal }) => ask(RunComparison, `/api/jobs/compare?runs=${runs.join(',')}`, { signal }),
  })

/** Every point of the runs, as CSV. */
export const curvesAddress = (runs: readonly string[]) => `/api/jobs/curves?runs=${runs.join(',')}`

export const launchJob = (body: JobDraft) => ask(Job, '/api/jobs', { method: 'POST', body })

/** Ends a run; `keep` where its provider can keep what was learnt. */
export const cancelJob = (jobId: string, keep = false) =>
  ask(Job, `${address(jobId)}/cancel`, { method: 'POST', body: { keep } })

/** Lets go of a run that was never found at its provider: it ends as failed, and what was set aside for it is free. */
export const abandonJob = (jobId: string) => ask(Job, `${address(jobId)}/abandon`, { method: 'POST' })

/** Asks the provider again what became of a run whose answer was lost. */
export const reconcileJob = (jobId: string) => ask(Job, `${address(jobId)}/reconcile`, { method: 'POST' })

/** Makes a dataset of the files that a job was trained on. */
export const importFiles = (jobId: string) =>
  ask(DatasetSummary, `${address(jobId)}/import`, { method: 'POST' })

/** The one event stream of a tab: the list, and the run whose page is open; one that does not last ends after each answer. */
export const streamAddress = (jobId: string | null, since: string | null, lasting: boolean) => {
  const query = new URLSearchParams({ lasting: String(lasting) })
  if (jobId) query.set('job', jobId)
  if (since !== null) query.set('since', since)
  return `/api/stream?${query}`
}
