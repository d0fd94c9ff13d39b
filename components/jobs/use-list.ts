'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useEffect, useMemo } from 'react'
import { jobListQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { addressOf, askedFor, type Change, listAddress, viewOf } from './list-address.ts'
import { fits } from './list-fits.ts'

/** ms in which what the server sent along, or what was here a moment ago, is not asked for again. */
const JUST_NOW = 5_000

/** Rows as they are now, in the places that they had when the page was asked for. */
function inPlace(jobs: readonly Job[], fresh: readonly Job[]): Job[] {
  const byId = new Map(fresh.map((job) => [job.id, job]))
  return jobs.flatMap((job) => {
    const later = byId.get(job.id)
    if (later?.launch === 'refused') return []
    return later && later.change > job.change ? later : job
  })
}

/** The page of runs that the address asks for, kept fresh without a row jumping under the reader. */
export function useList() {
  const [address, write] = useQueryStates(listAddress)
  const view = useMemo(() => viewOf(address), [address])
  const list = useQuery({
    ...jobListQuery(askedFor(view)),
    placeholderData: keepPreviousData,
    staleTime: JUST_NOW,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  // The stream keeps the newest runs here; the page itself is asked for only when the reader wants it.
  const { data: fresh } = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const { data: page, isPlaceholderData: isOld, refetch } = list
  const jobs = useMemo(() => page && inPlace(page.jobs, fresh ?? []), [page, fresh])
  const unseen = (fresh ?? []).filter(
    (job) => page && job.number > page.newest && job.launch !== 'refused' && fits(job, view),
  ).length
  // At the top of the newest runs the next one simply comes in, and the counts of states are asked for anew; elsewhere
  // that would push away what is being read.
  const onTop = view.page === 1 && view.sort === 'created' && view.order === 'desc'
  const moved = jobs?.some(({ status }, index) => page?.jobs[index]?.status !== status) ?? false
  const due = onTop && (unseen > 0 || (moved && view.state.length === 0))
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that was already old is asked for again
  useEffect(() => {
    if (due) void refetch()
  }, [due, refetch, list.dataUpdatedAt])
  const change = (part: Change, history: 'push' | 'replace' = 'push') => {
    const next = (address: Parameters<typeof viewOf>[0]) => {
      // The address is ahead of the page: of two quick changes the second must not forget the first.
      const now = viewOf(address)
      return addressOf({ ...now, page: 1, ...(typeof part === 'function' ? part(now) : part) })
    }
    void write(next, { history })
  }
  return { view, change, list, page, isOld, jobs, unseen: onTop ? 0 : unseen }
}
