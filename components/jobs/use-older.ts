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
  const { data, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['older-jobs'],
    queryFn: ({ pageParam, signal }) => ask<Job[]>(`/api/jobs?after=${pageParam}`, { signal }),
    initialPageParam: last ? behind(last) : '',
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
