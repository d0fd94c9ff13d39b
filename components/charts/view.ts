import { plotHeight } from './geometry.ts'
import { linearScale, logScale, type ScaleKind, type YScale } from './scale.ts'
import { type By, between, type ChartRun, type Line, lossNames, placeOf, stopsIn } from './series.ts'

/** A run and where its steps stand on the axis. */
export interface Curve {
  run: ChartRun
  /** Axis units of a step: the step itself, epochs or seconds. */
  place: (step: number) => number
  steps: readonly number[]
  /** Of whole epochs where the provider measures them, else of single steps. */
  valid: Line
  /** Validation of single steps, where whole epochs are measured besides. */
  validRaw: Line
}

export interface View {
  by: By
  curves: readonly Curve[]
  y: YScale
  /** Axis units at both ends of the plot. */
  x: readonly [number, number]
  /** Values that lie above the scale and are drawn at its edge. */
  beyond: number
}

export interface Look {
  by: By
  kind: ScaleKind
  /** Lets the scale rest on where nearly all values lie. */
  calm: boolean
  /** Places of the axis that are shown; null: everything. */
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

/** Ends of the axis: the range that was chosen, else from the first step to the last that any run will have. */
function endsOf(curves: readonly Curve[], { by, range }: Look): [number, number] {
  if (range) return [range[0], range[1]]
  const ends = curves.map(({ run, place }) => {
    const { series, totalSteps } = run
    return place(by === 'time' ? series.to : Math.max(series.to, totalSteps ?? 0))
  })
  const start = by === 'step' ? 1 : 0
  return [start, Math.max(start + (by === 'step' ? 1 : 1e-6), ...ends)]
}

/** How far beyond where nearly all values lie a calm scale still reaches. */
const AIR = 0.5

const lossesOf = ({ run: { series } }: Curve): number[] =>
  lossNames.flatMap((name) => [...series[name].value])

function calmTop(curves: readonly Curve[]): number {
  const typical = curves.flatMap(({ run }) => (run.series.typical ? [run.series.typical] : []))
  return Math.max(0, ...typical.map(([low, high]) => high + (high - low) * AIR))
}

/** What the plot draws, and in which scale. Nothing is left out of the lines, whatever the scale rests on. */
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

/** Height of a value in axis units, held inside the plot. */
export const heightOf = ({ y }: View, value: number): number => Math.min(y.y(value), y.domain[1])

/** Where a checkpoint or a chosen step stands: on the validation line, else on the train line; null before there is one. */
export function standingOf(curve: Curve, step: number): number | null {
  return between(curve.valid, step) ?? between(curve.run.series.trainLoss, step)
}
