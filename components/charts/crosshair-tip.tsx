import { type Frame, xAt, yAt } from './geometry.ts'
import type { View } from './view.ts'

export interface Reading {
  name: string
  value: string
}

interface CrosshairTipProps {
  title: string
  readings: readonly Reading[]
  view: View
  frame: Frame
  total: number
  /** px of the crosshair. */
  x: number
}

const width = 150
const gap = 12

/** In the upper third, or under the best mark where the two would meet. */
function topOf({ view, frame, total }: CrosshairTipProps, start: number) {
  const { best, scale } = view
  const upper = frame.top + 24
  if (!best) return upper
  const bestX = xAt(frame, total, best.step)
  const covers = bestX > start - 8 && bestX < start + width + 8
  return covers ? Math.max(upper, yAt(frame, scale.domain, scale.y(best.value)) + 14) : upper
}

/** What the crosshair crosses, always in the same order, on the side that has room. */
export function CrosshairTip(props: CrosshairTipProps) {
  const { title, readings, frame, x } = props
  const start = x + gap + width > frame.right ? x - gap - width : x + gap
  return (
    <div
      className="absolute z-20 rounded-lg bg-overlay px-3 py-2 text-meta tabular-nums shadow-popover"
      style={{
        insetInlineStart: Math.max(0, start),
        insetBlockStart: topOf(props, start),
        inlineSize: width,
      }}
    >
      <p className="mb-0.5 font-medium">{title}</p>
      <dl>
        {readings.map(({ name, value }) => (
          <div key={name} className="flex justify-between gap-4 py-px">
            <dt className="text-3">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
