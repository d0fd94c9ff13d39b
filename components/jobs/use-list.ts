'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { jobListQuery, jobsQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { askedFor, type ListView, readList, writeList } from './list-address.ts'

const go = (view: ListView, how: 'push' | 'replace') => {
  const query = writeList(view)
  const address = query ? `?${query}` : location.pathname
  // Next follows both, so that the address, the back button and the page stay one.
  if (how === 'push') history.pushState(null, '', address)
  else history.replaceState(null, '', address)
}

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
  const search = useSearchParams().toString()
  const view = useMemo(() => readList(search), [search])
  const list = useQuery({ ...jobListQuery(askedFor(view)), placeholderData: keepPreviousData, staleTime: 0 })
  // The stream keeps the newest runs here; the page itself is asked for only when the reader wants it.
  const { data: fresh } = useQuery({ ...jobsQuery(), staleTime: Number.POSITIVE_INFINITY })
  const page = list.data
  const jobs = useMemo(() => page && inPlace(page.jobs, fresh ?? []), [page, fresh])
  const begun = list.dataUpdatedAt
  const unseen = (fresh ?? []).filter(
    ({ id, createdAt, launch }) =>
      createdAt > begun && launch !== 'refused' && !page?.jobs.some((job) => job.id === id),
  ).length
  const change = (part: Partial<ListView>, how: 'push' | 'replace' = 'push') =>
    go({ ...view, page: 1, ...part }, how)
  return { view, change, list, page, jobs, unseen }
}
