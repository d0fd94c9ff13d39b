import { useMutation, useQueryClient } from '@tanstack/react-query'
import { jobQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** An action whose response is the updated job; a refetch brings the fields that only the job page has. */
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
