import { type Frame, xAt, yAt } from './geometry.ts'
import { between, type Line, valueAt } from './series.ts'
import { type Curve, heightOf, type View } from './view.ts'

const px = (value: number): string => value.toFixed(1)

/** x and y in px of every point of a line. */
function pointsOf(view: View, frame: Frame, curve: Curve, line: Line): [number, number][] {
  return line.step.map((step, index) => [
    xAt(frame, view.x, curve.place(step)),
    yAt(frame, view.y.domain, heightOf(view, line.value[index] ?? 0)),
  ])
}

/** A line as the `d` of one path. */
export const lineAs = (view: View, frame: Frame, curve: Curve, line: Line): string =>
  pointsOf(view, frame, curve, line)
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`)
    .join('')

/** Dots as the `d` of one path: zero-length strokes with a round cap. Any number of dots is one element. */
export const dotsAs = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y]) => `M${px(x)} ${px(y)}h0`).join('')

/** Points where the training loss is exactly zero. */
export const zerosOf = (view: View, frame: Frame, curve: Curve): [number, number][] => {
  const { step, value } = curve.run.series.trainLoss
  const y = yAt(frame, view.y.domain, view.y.y(0))
  return step.flatMap((at, index): [number, number][] =>
    value[index] === 0 ? [[xAt(frame, view.x, curve.place(at)), y]] : [],
  )
}

/** Values above the visible scale, drawn at its edge. */
export const beyondOf = (view: View, frame: Frame, curve: Curve): [number, number][] =>
  [curve.run.series.trainLoss, curve.valid].flatMap(({ step, value }) =>
    step.flatMap((at, index): [number, number][] =>
      view.y.y(value[index] ?? 0) > view.y.domain[1]
        ? [[xAt(frame, view.x, curve.place(at)), frame.top]]
        : [],
    ),
  )

export const validDots = (view: View, frame: Frame, curve: Curve): [number, number][] =>
  pointsOf(view, frame, curve, curve.valid)

/** The values at the nearest step of a job. */
export function readingsAt({ run: { series } }: Curve, step: number) {
  return {
    train: valueAt(series.trainLoss, step),
    smooth: valueAt(series.smooth, step),
    valid: valueAt(series.validLoss, step),
    fullValid: valueAt(series.fullValidLoss, step),
    accuracy: series.sampled ? between(series.accuracy, step) : valueAt(series.accuracy, step),
    validAccuracy: valueAt(series.validAccuracy, step),
  }
}
