'use client'
import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { type By, type ChartRun, canPlace, stepAt } from '#components/charts/series.ts'
import { MOST_COMPARED } from '#lib/jobs/constants.ts'
import { seriesQuery } from '#lib/jobs/queries.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { Series } from '#lib/jobs/series-schema.ts'
import { jobName } from '../job-name.ts'
import { runSymbol } from '../job-tile.tsx'
import { checkpointAddress, rowsOf } from '../page/checkpoint-rows.ts'
import { seriesWish } from '../use-series.ts'

interface Wish {
  by: By
  /** Axis positions. */
  range: [number, number] | null
  smooth: number
  width: number
}

/** A job in the comparison, with a colour that stays the same while it is on the page. */
export interface Compared {
  job: JobDetail
  colour: number
}

/** The jobs in order. Each keeps its colour: removing a job does not change the colours of the others. */
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

/** Keeps one object while the answers are unchanged: a new object would redraw the chart. */
const together = (answers: { data?: Series; error: Error | null }[]) => ({
  series: answers.map(({ data }) => data),
  error: answers.find(({ error }) => error)?.error ?? null,
})

const NONE = { step: [], value: [] }

/** Steps per epoch, possibly a fraction: jobs whose epochs differ in length still share one axis. */
const perEpoch = ({ totalSteps, hyperparameters: { nEpochs } }: JobDetail): number | null =>
  totalSteps && nEpochs ? totalSteps / nEpochs : null

const EMPTY: Series = {
  ...{ from: 0, to: 0, count: 0, sampled: false, zeros: 0, typical: null, best: null, began: null },
  ...{ trainLoss: NONE, smooth: NONE, validLoss: NONE, fullValidLoss: NONE },
  ...{ accuracy: NONE, validAccuracy: NONE, clock: NONE },
}

function chartRun({ job, colour }: Compared, series: Series): ChartRun {
  const { id, number } = job
  const checkpoints = rowsOf(job).map(({ step, model }) => ({
    step,
    label: `${jobName(job)} ${number}: ${step}`,
    href: checkpointAddress(job, model),
  }))
  const named = { id, name: `${jobName(job)} ${number}`, symbol: runSymbol(number), colour }
  // The longest curve fills the axis: beside it, a plan of ten times as many steps would squeeze them all.
  const totalSteps = series.count > 0 ? null : job.totalSteps
  return { ...named, series, totalSteps, stepsPerEpoch: perEpoch(job), checkpoints }
}

/**
 * Curves of the visible jobs. During a refetch the previous curve stays on screen. Curves that the axis cannot show are
 * left out and counted.
 */
export function useCurves(shown: readonly Compared[], { by, range, smooth, width }: Wish) {
  const known = useRef(new Map<string, Series>())
  const stepsOf = (one: Compared): [number, number] | null => {
    const run = chartRun(one, known.current.get(one.job.id) ?? EMPTY)
    return range && canPlace(run, by) ? [stepAt(run, by, range[0]), stepAt(run, by, range[1])] : null
  }
  const { series, error } = useQueries({
    queries: shown.map((one) => ({
      ...seriesQuery(one.job.id, seriesWish({ range: stepsOf(one), smooth, width })),
      staleTime: 60_000,
    })),
    combine: together,
  })
  const all = useMemo(
    () =>
      shown.flatMap((one, index): ChartRun[] => {
        const found = series[index] ?? known.current.get(one.job.id)
        if (!found) return []
        known.current.set(one.job.id, found)
        return [chartRun(one, found)]
      }),
    [shown, series],
  )
  const runs = useMemo(() => all.filter((run) => canPlace(run, by)), [all, by])
  return { runs, leftOut: all.length - runs.length, error }
}
