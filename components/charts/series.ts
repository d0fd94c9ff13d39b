import { lowerBound } from '#lib/core/lower-bound.ts'

/** One line: only existing points, ordered by step; both arrays have the same length. */
export interface Line {
  step: readonly number[]
  value: readonly number[]
}

/** A curve downsampled to the width of the plot; all figures beside the lines are computed from all points. */
export interface ChartSeries {
  /** The range of steps covered, both ends included. */
  from: number
  to: number
  /** Number of points in that range, and whether the lines omit any. */
  count: number
  sampled: boolean
  trainLoss: Line
  smooth: Line
  validLoss: Line
  fullValidLoss: Line
  accuracy: Line
  validAccuracy: Line
  /** Number of training losses in the range that are exactly zero. */
  zeros: number
  /** The 5th and the 95th percentile of the losses. */
  typical: readonly [number, number] | null
  /** The best validation loss of the whole job. */
  best: { step: number; value: number } | null
  /** ms since the job's first step, at a few dozen steps. */
  clock: Line
}

interface Checkpoint {
  step: number
  label: string
  href: string
}

/** Score of a checkpoint on held-out questions, 0–1, with its confidence interval. */
export interface ChartScore {
  step: number
  level: number
  low: number
  high: number
  best: boolean
  /** The score and its interval as text: `9/10`, `60–98 %`. */
  said: readonly [level: string, interval: string]
}

/** A job as the chart needs it. */
export interface ChartRun {
  id: string
  name: string
  /** The text of the job's tile: short enough for a label at the end of a line. */
  symbol: string
  /** Colour index from 1 to 7; fixed for the life of the job. */
  colour: number
  series: ChartSeries
  totalSteps: number | null
  stepsPerEpoch: number | null
  checkpoints: readonly Checkpoint[]
  /** Absent if the job is not scored, empty if scoring has just begun. */
  scores?: readonly ChartScore[]
  /** The base model's score on the same questions. */
  baseLevel?: number
}

/** Quantity on the x axis. */
export type By = 'step' | 'epoch' | 'time'

export const lossNames = ['trainLoss', 'validLoss', 'fullValidLoss'] as const
export const lineNames = [...lossNames, 'accuracy', 'validAccuracy'] as const

/** The value reported for exactly this step. */
export function valueAt({ step, value }: Line, wanted: number): number | null {
  const index = lowerBound(step, wanted)
  return step[index] === wanted ? (value[index] ?? null) : null
}

/** The value of a line at a step, interpolated between neighbours; null beyond its ends. */
export function between({ step, value }: Line, wanted: number): number | null {
  const index = lowerBound(step, wanted)
  const [right, high] = [step[index], value[index]]
  if (right === undefined || high === undefined) return null
  if (right === wanted) return high
  const [left, low] = [step[index - 1], value[index - 1]]
  if (left === undefined || low === undefined) return null
  return low + ((wanted - left) / (right - left)) * (high - low)
}

/** Converts a step to an axis position: the step itself, elapsed epochs, or seconds since the first step. */
export function placeOf({ stepsPerEpoch, series }: ChartRun, by: By): (step: number) => number {
  if (by === 'epoch') return (step) => step / (stepsPerEpoch ?? 1)
  if (by === 'step') return (step) => step
  const { clock } = series
  const [first, last] = [clock.step[0] ?? 0, clock.step.at(-1) ?? 0]
  return (step) => (between(clock, Math.min(Math.max(step, first), last)) ?? 0) / 1000
}

/** The step nearest to an axis position. */
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

/** Every step that appears in any of the job's lines, in order. */
export const stepsIn = ({ series }: ChartRun): number[] =>
  [...new Set(lineNames.flatMap((name) => series[name].step))].sort((a, b) => a - b)

/**
 * Steps at which the crosshair stops. For a downsampled curve, those of the training loss: the other lines keep other
 * steps, and a gap in the sample is not a gap in the data.
 */
export const stopsIn = (run: ChartRun): readonly number[] =>
  run.series.sampled && run.series.trainLoss.step.length > 0 ? run.series.trainLoss.step : stepsIn(run)

/** Whether the job has the data to place its steps on this axis. */
export const canPlace = ({ stepsPerEpoch, series }: ChartRun, by: By): boolean =>
  by === 'step' || (by === 'epoch' ? stepsPerEpoch !== null : series.clock.step.length > 1)

/** The score of the checkpoint at a crosshair stop; on a downsampled curve, the nearest checkpoint. */
export function scoreAt(
  { scores = [] }: ChartRun,
  stops: readonly number[],
  step: number,
): ChartScore | null {
  return scores.find((score) => stops[stepNear(stops, (stop) => stop, score.step)] === step) ?? null
}

/** The step at an axis position: the inverse of `placeOf`. */
export function stepAt(run: ChartRun, by: By, place: number): number {
  if (by === 'epoch') return Math.round(place * (run.stepsPerEpoch ?? 1))
  if (by === 'step') return Math.round(place)
  const { step, value } = run.series.clock
  return Math.round(
    between({ step: value, value: step }, Math.min(Math.max(place * 1000, 0), value.at(-1) ?? 0)) ?? 0,
  )
}
