import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { comparisonQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

/** ms between two requests while one of the jobs is active. */
const AGAIN = 2_000

/** Refetches the jobs that the event stream reports as changed. */
export function useFresh(runs: readonly JobDetail[]): void {
  const queries = useQueryClient()
  const { data: fresh } = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const changes = new Map(fresh?.map(({ id, change }) => [id, change]))
  const behind = runs.filter(({ id, change }) => (changes.get(id) ?? 0) > change).map(({ id }) => id)
  const old = behind.join()
  // The delay restarts after each response, not after each change: otherwise constant changes would postpone the
  // refetch of a fast job forever.
  useEffect(() => {
    if (old === '') return
    const timer = setTimeout(() => {
      for (const id of old.split(',')) void queries.invalidateQueries({ queryKey: ['series', id] })
      void queries.invalidateQueries({ queryKey: comparisonQuery(runs.map(({ id }) => id)).queryKey })
    }, AGAIN)
    return () => clearTimeout(timer)
  }, [old, runs, queries])
}
