import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { comparisonQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

/** ms between two askings while one of the runs goes on. */
const AGAIN = 2_000

/** Asks anew for the runs that the stream tells a change of. */
export function useFresh(runs: readonly JobDetail[]): void {
  const queries = useQueryClient()
  const { data: fresh } = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const changes = new Map(fresh?.map(({ id, change }) => [id, change]))
  const behind = runs.filter(({ id, change }) => (changes.get(id) ?? 0) > change).map(({ id }) => id)
  const old = behind.join()
  // The wait begins anew with each answer, not with each change: else a quick run would never be shown.
  useEffect(() => {
    if (old === '') return
    const timer = setTimeout(() => {
      for (const id of old.split(',')) void queries.invalidateQueries({ queryKey: ['series', id] })
      void queries.invalidateQueries({ queryKey: comparisonQuery(runs.map(({ id }) => id)).queryKey })
    }, AGAIN)
    return () => clearTimeout(timer)
  }, [old, runs, queries])
}
