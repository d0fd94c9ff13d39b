'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** Runs on one page of the list, as the studio serves them unless asked otherwise. */
const PAGE = 50

const behind = ({ createdAt, id }: Job) => `${createdAt}.${id}`

/** Runs behind the newest page, asked for one page at a time. */
export function useOlderJobs(newest: readonly Job[]) {
  const last = newest.at(-1)
  const start = last ? behind(last) : ''
  const { data, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    // Another newest page begins another list: behind the old one, runs in between would be missing.
    queryKey: ['older-jobs', start],
    queryFn: ({ pageParam, signal }) => ask<Job[]>(`/api/jobs?after=${pageParam}`, { signal }),
    initialPageParam: start,
    getNextPageParam: (page: Job[]) => {
      const end = page.at(-1)
      return page.length < PAGE || !end ? undefined : behind(end)
    },
    enabled: false,
  })
  return {
    older: data?.pages.flat() ?? [],
    more: data ? hasNextPage : newest.length >= PAGE,
    loading: isFetching,
    load: () => fetchNextPage(),
  }
}
