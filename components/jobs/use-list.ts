'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useEffect, useMemo } from 'react'
import { jobListQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { isListed } from '#lib/jobs/status.ts'
import { addressOf, askedFor, type Change, listAddress, viewOf } from './list-address.ts'
import { fits } from './list-fits.ts'

/** ms during which data from the server render or the cache is not refetched. */
const JUST_NOW = 5_000

const isArchived = ({ archivedAt }: Job): boolean => archivedAt !== null

/**
 * Updates the jobs in place: they keep the positions of the requested page. Those that are gone, or have been archived or
 * brought back meanwhile, leave it.
 */
function inPlace(jobs: readonly Job[], fresh: readonly Job[]): Job[] {
  const byId = new Map(fresh.map((job) => [job.id, job]))
  return jobs.flatMap((job) => {
    const later = byId.get(job.id)
    const now = later && later.change > job.change ? later : job
    return isListed(now.launch) && isArchived(now) === isArchived(job) ? now : []
  })
}

/** The page of jobs in the URL, kept fresh without moving rows. */
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
  // The stream keeps the newest jobs in this query; the page itself is refetched only below or on request.
  const { data: fresh } = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const { data: page, isPlaceholderData: isOld, refetch } = list
  const jobs = useMemo(() => page && inPlace(page.jobs, fresh ?? []), [page, fresh])
  const unseen = (fresh ?? []).filter(
    (job) => page && job.number > page.newest && isListed(job.launch) && fits(job, view),
  ).length
  // On the first page, newest first, new jobs appear immediately and the status counts are refetched; elsewhere that
  // would move the rows that the user reads.
  const onTop = view.page === 1 && view.sort === 'created' && view.order === 'desc'
  const moved = jobs?.some(({ status }, index) => page?.jobs[index]?.status !== status) ?? false
  const due = onTop && (unseen > 0 || (moved && view.state.length === 0))
  // biome-ignore lint/correctness/useExhaustiveDependencies: refetch if the response was already outdated
  useEffect(() => {
    if (due) void refetch()
  }, [due, refetch, list.dataUpdatedAt])
  const change = (part: Change, history: 'push' | 'replace' = 'push') => {
    const next = (address: Parameters<typeof viewOf>[0]) => {
      // The URL updates before the page renders: of two quick changes, the second must include the first.
      const now = viewOf(address)
      return addressOf({ ...now, page: 1, ...(typeof part === 'function' ? part(now) : part) })
    }
    void write(next, { history })
  }
  return { view, change, list, page, isOld, jobs, unseen: onTop ? 0 : unseen }
}
