import type { Tick } from './scale.ts'

interface TickProps {
  x?: number | string
  y?: number | string
  payload?: { value: number }
}

/** Labels come from our ticks: to recharts, the log axis is a linear axis in decades. */
export const tickLabel = (ticks: Tick[], anchor: 'middle' | 'end', bold?: (tick: Tick) => boolean) =>
  function TickLabel({ x, y, payload }: TickProps) {
    const tick = ticks.find(({ at }) => at === payload?.value)
    if (!tick) return <g />
    return (
      <text
        x={x}
        y={y}
        dy={anchor === 'end' ? 4 : 9}
        textAnchor={anchor}
        className={bold?.(tick) ? 'fill-(--text) font-semibold text-micro' : 'fill-axis text-micro'}
      >
        {tick.label}
      </text>
    )
  }
