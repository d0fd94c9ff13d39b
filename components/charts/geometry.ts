/** px. The same numbers draw the plot, its skeleton and what lies over it, so nothing moves when data comes. */
export const lossHeight = 306
export const captionHeight = 22
export const accuracyHead = 26
export const accuracyPlot = 46
export const accuracyFoot = 10
/** Tall enough that an interval of twenty points shows beside its diamond. */
export const scorePlot = 72

const top = 14
const axis = 26
const yAxis = 40

/** Below this width the direct labels give way to the legend under the plot. */
const narrow = 520

export interface Frame {
  width: number
  narrow: boolean
  margin: { top: number; right: number; bottom: number; left: number }
  yAxis: number
  xAxis: number
  /** Edges of the plot itself. */
  left: number
  right: number
  top: number
  bottom: number
}

export function frameOf(width: number): Frame {
  const right = width < narrow ? 12 : 96
  return {
    width,
    narrow: width < narrow,
    margin: { top, right, bottom: 0, left: 0 },
    yAxis,
    xAxis: axis,
    left: yAxis,
    right: width - right,
    top,
    bottom: lossHeight - axis,
  }
}

export const plotHeight = lossHeight - axis - top

type Ends = readonly [number, number]

/** px of a place of the axis. */
export const xAt = (frame: Frame, [low, high]: Ends, at: number): number =>
  frame.left + ((at - low) / (high - low)) * (frame.right - frame.left)

/** The place of the axis at a px, held inside the plot. */
export function placeAt(frame: Frame, [low, high]: Ends, px: number): number {
  const share = (px - frame.left) / Math.max(1, frame.right - frame.left)
  return low + Math.min(1, Math.max(0, share)) * (high - low)
}

export const yAt = (frame: Frame, [low, high]: Ends, at: number): number =>
  frame.bottom - ((at - low) / (high - low)) * (frame.bottom - frame.top)
