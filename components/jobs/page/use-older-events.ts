import { useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { jobEventsQuery } from '#lib/jobs/queries.ts'
import { JobEvent } from '#lib/jobs/schema.ts'
import { mergeEvents } from '../live-cache.ts'

/** Adds the page of events before `seq` to the list. */
export function useOlderEvents(jobId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (seq: number) =>
      ask(z.array(JobEvent), `/api/jobs/${encodeURIComponent(jobId)}/events?before=${seq}`),
    onSuccess: (older) =>
      queries.setQueryData(jobEventsQuery(jobId).queryKey, (known) => mergeEvents(known ?? [], older)),
  })
}
