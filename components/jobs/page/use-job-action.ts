import { useMutation, useQueryClient } from '@tanstack/react-query'
import { jobQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** An action on a run whose answer is the run's new row; what only the page knows comes with the stream. */
export function useJobAction(act: (jobId: string) => Promise<Job>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (job) => {
      const { queryKey } = jobQuery(job.id)
      queries.setQueryData(queryKey, (known) => known && { ...known, ...job })
      return queries.invalidateQueries({ queryKey, exact: true })
    },
  })
}
