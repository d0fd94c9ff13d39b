'use client'
import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { type By, type ChartRun, canPlace, stepAt } from '#components/charts/series.ts'
import { seriesQuery } from '#lib/jobs/queries.ts'
import { type JobDetail, MOST_COMPARED } from '#lib/jobs/schema.ts'
import type { Series } from '#lib/jobs/series-schema.ts'
import { checkpointAddress, rowsOf } from '../page/checkpoint-rows.ts'
import { runName } from '../run-name.ts'
import { runSymbol } from '../run-tile.tsx'
import { seriesWish } from '../use-series.ts'

interface Wish {
  by: By
  /** Places of the axis. */
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

const NONE = { step: [], value: [] }

/** Epochs need not come out even to lie beside those of another run. */
const perEpoch = ({ totalSteps, hyperparameters: { nEpochs } }: JobDetail): number | null =>
  totalSteps && nEpochs ? totalSteps / nEpochs : null

const EMPTY: Series = {
  ...{ from: 0, to: 0, count: 0, sampled: false, zeros: 0, typical: null, best: null, began: null },
  ...{ trainLoss: NONE, smooth: NONE, validLoss: NONE, fullValidLoss: NONE },
  ...{ accuracy: NONE, validAccuracy: NONE, clock: NONE },
}

function chartRun({ job, colour }: Compared, series: Series): ChartRun {
  const { id, number, totalSteps } = job
  const checkpoints = rowsOf(job).map(({ step, model }) => ({
    step,
    label: `${runName(job)} ${number}: ${step}`,
    href: checkpointAddress(job, model),
  }))
  const named = { id, name: runName(job), symbol: runSymbol(number), colour }
  return { ...named, series, totalSteps, stepsPerEpoch: perEpoch(job), checkpoints }
}

/**
 * The curves of the runs that are shown. While one is asked for anew, what was known of it stays; those that the axis
 * has no place for are left out and counted.
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
