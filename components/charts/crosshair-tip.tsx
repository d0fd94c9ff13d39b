import type { Frame } from './geometry.ts'
import { tipTop } from './tip-place.ts'
import type { View } from './view.ts'

export interface Reading {
  name: string
  value: string
  /** Set if the chart shows several jobs. */
  colour?: string
}

interface CrosshairTipProps {
  title: string
  readings: readonly Reading[]
  view: View
  frame: Frame
  /** px of the crosshair. */
  x: number
}

const width = 150
const gap = 12
/** px of a line of text, and of the space above and below all of them. */
const line = 22
const padding = 20

/** Values at the crosshair, always in the same order, on the side that has room, beside the curves if it can. */
export function CrosshairTip(props: CrosshairTipProps) {
  const { title, readings, view, frame, x } = props
  const start = Math.max(0, x + gap + width > frame.right ? x - gap - width : x + gap)
  const height = padding + line * (readings.length + 1)
  return (
    <div
      className="absolute z-20 rounded-lg bg-overlay px-3 py-2 text-meta tabular-nums shadow-popover"
      style={{
        insetInlineStart: start,
        insetBlockStart: tipTop(view, frame, { start, width, height }),
        inlineSize: width,
      }}
    >
      {/* The plot runs from left to right, its words as their language does. */}
      <div dir="auto">
        <p className="mb-0.5 font-medium">{title}</p>
        <dl>
          {readings.map(({ name, value, colour }) => (
            <div key={name} className="flex justify-between gap-4 py-px">
              <dt className="truncate text-3" style={{ color: colour }}>
                {name}
              </dt>
              <dd className="whitespace-nowrap">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
