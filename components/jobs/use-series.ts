'use client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { appendPoints } from '#lib/jobs/downsample.ts'
import { seriesQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Point, SeriesQuery } from '#lib/jobs/series-schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { type LiveListener, onLivePoints } from './live-points.ts'

/** ms between two requests for a downsampled curve that grows. */
const AGAIN = 2_000

interface Wish {
  range: [number, number] | null
  smooth: number
  width: number
}

export const seriesWish = ({ range, smooth, width }: Wish): SeriesQuery => ({
  ...(range ? { from: range[0], to: range[1] } : {}),
  width,
  smooth,
})

/**
 * The curve of a job for a plot of the given width. Points from the stream are added immediately; a downsampled curve
 * is refetched every two seconds while it grows, and every curve once when the job ends.
 */
export function useSeries(job: Pick<JobDetail, 'id' | 'status'>, wish: Wish) {
  const queries = useQueryClient()
  const query = seriesQuery(job.id, seriesWish(wish))
  const { data, error, refetch, isFetching } = useQuery({
    ...query,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const asked = useRef(0)
  const latest = useRef({ query, wish })
  latest.current = { query, wish }
  useEffect(() => {
    const grow: LiveListener = (points: Point[] | null) => {
      const { query, wish } = latest.current
      const known = queries.getQueryData(query.queryKey)
      if (known && points && !wish.range)
        queries.setQueryData(query.queryKey, appendPoints(known, points, wish.smooth, wish.width))
      // A request in flight may lack these points, and its response would remove them.
      const missed = !known || queries.isFetching({ queryKey: query.queryKey }) > 0
      const due = points === null || missed || known.sampled || wish.range !== null
      if (!due || (points !== null && !missed && Date.now() - asked.current < AGAIN)) return
      asked.current = Date.now()
      void queries.invalidateQueries({ queryKey: query.queryKey })
    }
    return onLivePoints(job.id, grow)
  }, [job.id, queries])
  const running = isActive(job.status)
  const ran = useRef(running)
  useEffect(() => {
    if (ran.current && !running) void queries.invalidateQueries({ queryKey: ['series', job.id] })
    ran.current = running
  }, [running, job.id, queries])
  return { series: data, error, refetch, isFetching }
}
