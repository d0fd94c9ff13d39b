import { plotHeight } from './geometry.ts'
import { linearScale, logScale, type ScaleKind, type YScale } from './scale.ts'
import { type By, between, type ChartRun, type Line, lossNames, placeOf, stopsIn } from './series.ts'

/** A job and the axis positions of its steps. */
export interface Curve {
  run: ChartRun
  /** Converts a step to axis units: the step itself, epochs or seconds. */
  place: (step: number) => number
  steps: readonly number[]
  /** Validation loss of whole epochs if the provider measures it, else of single steps. */
  valid: Line
  /** Validation loss of single steps, if whole epochs are measured too. */
  validRaw: Line
}

export interface View {
  by: By
  curves: readonly Curve[]
  y: YScale
  /** Axis units at both ends of the plot. */
  x: readonly [number, number]
  /** Values above the scale, drawn at its edge. */
  beyond: number
}

export interface Look {
  by: By
  kind: ScaleKind
  /** Fits the scale to the percentiles of the values rather than to outliers. */
  calm: boolean
  /** Visible range of the axis; null: everything. */
  range: readonly [number, number] | null
}

const NONE: Line = { step: [], value: [] }

function curveOf(run: ChartRun, by: By): Curve {
  const { fullValidLoss, validLoss } = run.series
  const whole = fullValidLoss.step.length > 0
  return {
    run,
    place: placeOf(run, by),
    steps: stopsIn(run),
    valid: whole ? fullValidLoss : validLoss,
    validRaw: whole && validLoss.step.length > fullValidLoss.step.length ? validLoss : NONE,
  }
}

/** Ends of the axis: the selected range, else from the first step to the last planned step of any job. */
function endsOf(curves: readonly Curve[], { by, range }: Look): [number, number] {
  if (range) return [range[0], range[1]]
  const ends = curves.map(({ run, place }) => {
    const { series, totalSteps } = run
    return place(by === 'time' ? series.to : Math.max(series.to, totalSteps ?? 0))
  })
  const start = by === 'step' ? 1 : 0
  return [start, Math.max(start + (by === 'step' ? 1 : 1e-6), ...ends)]
}

/** How far above the upper percentile a scale without outliers reaches. */
const AIR = 0.5

const lossesOf = ({ run: { series } }: Curve): number[] =>
  lossNames.flatMap((name) => [...series[name].value])

function calmTop(curves: readonly Curve[]): number {
  const typical = curves.flatMap(({ run }) => (run.series.typical ? [run.series.typical] : []))
  return Math.max(0, ...typical.map(([low, high]) => high + (high - low) * AIR))
}

/** The data and scale of the plot. Every point is in the lines, including those above the scale. */
export function viewOf(runs: readonly ChartRun[], look: Look): View {
  const curves = runs.map((run) => curveOf(run, look.by))
  const values = curves.flatMap(lossesOf)
  const top = look.calm ? calmTop(curves) : Number.POSITIVE_INFINITY
  const within = values.filter((value) => value <= top)
  const y = look.kind === 'log' ? logScale(within, plotHeight) : linearScale(within)
  const [, high] = y.domain
  return {
    by: look.by,
    curves,
    y,
    x: endsOf(curves, look),
    beyond: values.filter((value) => y.y(value) > high).length,
  }
}

/** A value in axis units, clamped to the plot. */
export const heightOf = ({ y }: View, value: number): number => Math.min(y.y(value), y.domain[1])

/**
 * Position of a checkpoint or a selected step: on the validation line, else on the training line; null if neither
 * exists.
 */
export function latestValue(curve: Curve, step: number): number | null {
  return between(curve.valid, step) ?? between(curve.run.series.trainLoss, step)
}
