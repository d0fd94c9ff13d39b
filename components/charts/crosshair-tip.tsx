import type { Frame } from './geometry.ts'

export interface Reading {
  name: string
  value: string
  /** Set if the chart shows several jobs. */
  colour?: string
}

interface CrosshairTipProps {
  title: string
  readings: readonly Reading[]
  frame: Frame
  /** px of the crosshair, and of the best-validation mark if there is one. */
  x: number
  best: readonly [number, number] | null
}

const width = 150
const gap = 12

/** In the upper third, or below the best-validation mark if the two would overlap. */
function topOf({ frame, best }: CrosshairTipProps, start: number) {
  const upper = frame.top + 24
  if (!best) return upper
  const covers = best[0] > start - 8 && best[0] < start + width + 8
  return covers ? Math.max(upper, best[1] + 14) : upper
}

/** Values at the crosshair, always in the same order, on the side that has room. */
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
