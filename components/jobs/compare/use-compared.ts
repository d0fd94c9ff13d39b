'use client'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { ChartRun } from '#components/charts/series.ts'
import { seriesQuery } from '#lib/jobs/queries.ts'
import { type JobDetail, MOST_COMPARED, type Series } from '#lib/jobs/schema.ts'
import { checkpointAddress, rowsOf } from '../page/checkpoint-rows.ts'
import { runName } from '../run-name.ts'
import { runSymbol } from '../run-tile.tsx'
import { seriesWish } from '../use-series.ts'

interface Wish {
  range: [number, number] | null
  smooth: number
  width: number
}

/** A run among those compared, and its colour for as long as it is on the page. */
export interface Compared {
  job: JobDetail
  colour: number
}

/** The runs in order, each in the colour it had: who leaves changes no other's. */
export function useCompared(jobs: readonly JobDetail[]): Compared[] {
  const before = useRef<readonly Compared[]>([])
  return useMemo(() => {
    const had = new Map(before.current.map(({ job, colour }) => [job.id, colour]))
    const taken = new Set(jobs.flatMap(({ id }) => had.get(id) ?? []))
    const free = Array.from({ length: MOST_COMPARED }, (_, place) => place + 1).filter(
      (colour) => !taken.has(colour),
    )
    const compared = jobs.map((job) => ({ job, colour: had.get(job.id) ?? free.shift() ?? 1 }))
    before.current = compared
    return compared
  }, [jobs])
}

/** One object for as long as no answer changes: a chart draws anew for nothing less. */
const together = (answers: { data?: Series; error: Error | null }[]) => ({
  series: answers.map(({ data }) => data),
  error: answers.find(({ error }) => error)?.error ?? null,
})

/** The curves of the runs that are shown; one that is still on its way is left out until it is there. */
export function useCurves(shown: readonly Compared[], wish: Wish) {
  const { series, error } = useQueries({
    queries: shown.map(({ job }) => ({
      ...seriesQuery(job.id, seriesWish(wish)),
      placeholderData: keepPreviousData,
      staleTime: 60_000,
    })),
    combine: together,
  })
  const runs = useMemo(
    () =>
      shown.flatMap(({ job, colour }, index): ChartRun[] => {
        const curve = series[index]
        if (!curve) return []
        const { id, number, totalSteps, stepsPerEpoch } = job
        const checkpoints = rowsOf(job).map(({ step, model }) => ({
          step,
          label: `${runName(job)} ${number}: ${step}`,
          href: checkpointAddress(job, model),
        }))
        const named = { id, name: runName(job), symbol: runSymbol(number), colour }
        return [{ ...named, series: curve, totalSteps, stepsPerEpoch, checkpoints }]
      }),
    [shown, series],
  )
  return { runs, error }
}
