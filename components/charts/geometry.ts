/** px. The plot, its skeleton and its overlays share these numbers, so that nothing moves when data arrives. */
export const lossHeight = 306
export const captionHeight = 22
export const accuracyHead = 26
export const accuracyPlot = 46
export const accuracyFoot = 10
/** Tall enough that an interval of twenty points is visible beside its diamond. */
export const scorePlot = 72

const top = 20
const axis = 26
const yAxis = 40

/** Below this width a legend under the plot replaces the direct labels. */
const narrow = 520

export interface Frame {
  width: number
  narrow: boolean
  margin: { top: number; right: number; bottom: number; left: number }
  yAxis: number
  xAxis: number
  /** Edges of the plot area. */
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

/** px of an axis position. */
export const xAt = (frame: Frame, [low, high]: Ends, at: number): number =>
  frame.left + ((at - low) / (high - low)) * (frame.right - frame.left)

/** The axis position at a px, clamped to the plot. */
export function placeAt(frame: Frame, [low, high]: Ends, px: number): number {
  const share = (px - frame.left) / Math.max(1, frame.right - frame.left)
  return low + Math.min(1, Math.max(0, share)) * (high - low)
}

export const yAt = (frame: Frame, [low, high]: Ends, at: number): number =>
  frame.bottom - ((at - low) / (high - low)) * (frame.bottom - frame.top)
