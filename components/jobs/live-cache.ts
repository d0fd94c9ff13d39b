import type { QueryClient } from '@tanstack/react-query'
import { mergeEvents, mergeJobs } from '#lib/jobs/merge.ts'
import { jobEventsQuery, jobQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { LiveMessage } from '#lib/jobs/schema.ts'
import { tellPoints } from './live-points.ts'

/** Applies one stream message to the query cache; does not create lists that no page has loaded. */
export function applyLive(queries: QueryClient, message: LiveMessage): void {
  if (message.kind === 'jobs') {
    queries.setQueryData(jobsQuery().queryKey, (jobs) => jobs && mergeJobs(jobs, message.jobs))
    return
  }
  const { detail, points, events } = message
  queries.setQueryData(jobQuery(detail.id).queryKey, detail)
  queries.setQueryData(jobEventsQuery(detail.id).queryKey, (known) => mergeEvents(known ?? [], events))
  if (points === null || points.length > 0) tellPoints(detail.id, points)
}
