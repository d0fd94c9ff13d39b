import { lowerBound } from '#lib/core/lower-bound.ts'

/** One line: only what exists, in order of steps; both arrays have one length. */
export interface Line {
  step: readonly number[]
  value: readonly number[]
}

/** A curve as it was sampled for the width of the plot; every figure beside the lines comes from all points. */
export interface ChartSeries {
  /** Steps that it covers, both ends included. */
  from: number
  to: number
  /** Points in that range, and whether any are left out of the lines. */
  count: number
  sampled: boolean
  trainLoss: Line
  smooth: Line
  validLoss: Line
  fullValidLoss: Line
  accuracy: Line
  validAccuracy: Line
  /** Training losses in the range that are exactly zero. */
  zeros: number
  /** Where nearly all losses lie: the 5th and the 95th percentile. */
  typical: readonly [number, number] | null
  /** The best validation of the whole run. */
  best: { step: number; value: number } | null
  /** ms since the run's first step, at a few dozen steps. */
  clock: Line
}

interface Checkpoint {
  step: number
  label: string
  href: string
}

/** How the model saved at a step answers held-out questions, 0–1, with the interval of that. */
export interface ChartScore {
  step: number
  level: number
  low: number
  high: number
  best: boolean
  /** The level and its interval as they are said: `9/10`, `60–98 %`. */
  said: readonly [level: string, interval: string]
}

/** A run as a chart knows it. */
export interface ChartRun {
  id: string
  name: string
  /** What its tile says: short enough to stand at the end of a line. */
  symbol: string
  /** 1 to 7, the run's own for life. */
  colour: number
  series: ChartSeries
  totalSteps: number | null
  stepsPerEpoch: number | null
  checkpoints: readonly Checkpoint[]
  /** Absent where nothing is scored, empty where that has just begun. */
  scores?: readonly ChartScore[]
  /** How the base answers the same questions. */
  baseLevel?: number
}

/** What the way to the right means. */
export type By = 'step' | 'epoch' | 'time'

export const lossNames = ['trainLoss', 'validLoss', 'fullValidLoss'] as const
export const lineNames = [...lossNames, 'accuracy', 'validAccuracy'] as const

/** The value told for exactly that step. */
export function valueAt({ step, value }: Line, wanted: number): number | null {
  const index = lowerBound(step, wanted)
  return step[index] === wanted ? (value[index] ?? null) : null
}

/** Where a line runs at a step, between its neighbours too; null beyond its ends. */
export function between({ step, value }: Line, wanted: number): number | null {
  const index = lowerBound(step, wanted)
  const [right, high] = [step[index], value[index]]
  if (right === undefined || high === undefined) return null
  if (right === wanted) return high
  const [left, low] = [step[index - 1], value[index - 1]]
  if (left === undefined || low === undefined) return null
  return low + ((wanted - left) / (right - left)) * (high - low)
}

/** Places a step on the axis: itself, epochs gone by, or seconds since the first step. */
export function placeOf({ stepsPerEpoch, series }: ChartRun, by: By): (step: number) => number {
  if (by === 'epoch') return (step) => step / (stepsPerEpoch ?? 1)
  if (by === 'step') return (step) => step
  const { clock } = series
  const [first, last] = [clock.step[0] ?? 0, clock.step.at(-1) ?? 0]
  return (step) => (between(clock, Math.min(Math.max(step, first), last)) ?? 0) / 1000
}

/** The step that stands nearest to a place of the axis. */
export function stepNear(steps: readonly number[], place: (step: number) => number, wanted: number): number {
  let [low, high] = [0, steps.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (place(steps[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  const near = Math.abs(place(steps[low] ?? 0) - wanted)
  return low > 0 && Math.abs(place(steps[low - 1] ?? 0) - wanted) <= near ? low - 1 : low
}

/** Every step that any of the run's lines tells of, in order. */
export const stepsIn = ({ series }: ChartRun): number[] =>
  [...new Set(lineNames.flatMap((name) => series[name].step))].sort((a, b) => a - b)

/**
 * Steps that a crosshair stops at: of a thinned curve those of its training loss, since the other lines keep other
 * steps, and a gap in the sample is no gap in what was told.
 */
export const stopsIn = (run: ChartRun): readonly number[] =>
  run.series.sampled && run.series.trainLoss.step.length > 0 ? run.series.trainLoss.step : stepsIn(run)

/** Whether a run's steps can be placed on the axis at all. */
export const canPlace = ({ stepsPerEpoch, series }: ChartRun, by: By): boolean =>
  by === 'step' || (by === 'epoch' ? stepsPerEpoch !== null : series.clock.step.length > 1)

/** The score of the checkpoint that a stop of the crosshair stands for: of a thinned curve the nearest one. */
export function scoreAt(
  { scores = [] }: ChartRun,
  stops: readonly number[],
  step: number,
): ChartScore | null {
  return scores.find((score) => stops[stepNear(stops, (stop) => stop, score.step)] === step) ?? null
}

/** The step that stands at a place of the axis: the other way round. */
export function stepAt(run: ChartRun, by: By, place: number): number {
  if (by === 'epoch') return Math.round(place * (run.stepsPerEpoch ?? 1))
  if (by === 'step') return Math.round(place)
  const { step, value } = run.series.clock
  return Math.round(
    between({ step: value, value: step }, Math.min(Math.max(place * 1000, 0), value.at(-1) ?? 0)) ?? 0,
  )
}
