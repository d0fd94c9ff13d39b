import { type Frame, placeAt, yAt } from './geometry.ts'
import { between, stepAt } from './series.ts'
import { heightOf, type View } from './view.ts'

/** px from the top of the plot and from its bottom. */
const UNDER_TOP = 8
const ABOVE_AXIS = 8

/** Places along the box at which the curves are looked at. */
const LOOKS = 8

/** px of the losses' lines at places of the plot's width. */
function heightsAt(view: View, frame: Frame, places: readonly number[]): number[] {
  return view.curves.flatMap(({ run, valid }) => {
    const steps = places.map((px) => stepAt(run, view.by, placeAt(frame, view.x, px)))
    return [run.series.trainLoss, run.series.smooth, valid].flatMap((line) =>
      steps.flatMap((step) => {
        const value = between(line, step)
        return value === null ? [] : [yAt(frame, view.y.domain, heightOf(view, value))]
      }),
    )
  })
}

interface Box {
  /** px from the start of the plot. */
  start: number
  width: number
  height: number
}

/** The top of a box that covers as little of the curves as it can: at the top of the plot, or at its bottom. */
export function tipTop(view: View, frame: Frame, { start, width, height }: Box): number {
  const upper = frame.top + UNDER_TOP
  const lower = Math.max(upper, frame.bottom - height - ABOVE_AXIS)
  const places = Array.from({ length: LOOKS + 1 }, (_, index) => start + (width * index) / LOOKS)
  const heights = heightsAt(view, frame, places)
  const covered = (top: number) => heights.filter((y) => y > top && y < top + height).length
  return covered(upper) <= covered(lower) ? upper : lower
}
