'use client'
import { memo } from 'react'
import { CartesianGrid, ComposedChart, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts'
import { useFormat } from '#components/ui/use-format.ts'
import { type Frame, lossHeight, yAt } from './geometry.ts'
import type { Tick, YScale } from './scale.ts'
import { tickLabel } from './tick-label.tsx'

export interface AxesProps {
  y: YScale
  x: readonly [number, number]
  frame: Frame
  ticks: Tick[]
  bands: [number, number][]
}

/** Axes, grid, epoch bands and the gutter for zeros. */
export const LossAxes = memo(function LossAxes({ y, x, frame, ticks, bands }: AxesProps) {
  const { digits } = useFormat()
  const inDigits = (tick: Tick): Tick => ({ ...tick, label: digits(tick.label) })
  const [low, high] = y.domain
  const isLog = y.kind === 'log'
  const gridAt = y.ticks.filter(({ at }) => at >= y.floor).map(({ at }) => yAt(frame, y.domain, at))
  return (
    <ComposedChart
      width={frame.width}
      height={lossHeight}
      margin={frame.margin}
      // Recharts needs one datum to lay out an axis; the lines are drawn in an overlay.
      data={[{ at: x[0] }, { at: x[1] }]}
      accessibilityLayer={false}
      aria-hidden="true"
    >
      {bands.map(([from, to]) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          y1={y.floor}
          y2={high}
          fill="var(--band)"
          fillOpacity={1}
          zIndex={-300}
        />
      ))}
      {isLog && (
        <ReferenceArea y1={low} y2={y.floor} fill="var(--accent-soft)" fillOpacity={0.55} zIndex={-300} />
      )}
      <CartesianGrid vertical={false} stroke="var(--grid)" horizontalPoints={gridAt} />
      <ReferenceLine y={low} stroke="var(--border-strong)" zIndex={0} />
      <XAxis
        type="number"
        dataKey="at"
        domain={[x[0], x[1]]}
        ticks={ticks.map(({ at }) => at)}
        tick={tickLabel(ticks.map(inDigits), 'middle')}
        height={frame.xAxis}
        interval={0}
        axisLine={false}
        tickLine={false}
        allowDataOverflow
      />
      <YAxis
        type="number"
        domain={[low, high]}
        ticks={y.ticks.map(({ at }) => at)}
        tick={tickLabel(y.ticks.map(inDigits), 'end', ({ at }) => isLog && at < y.floor)}
        width={frame.yAxis}
        interval={0}
        axisLine={false}
        tickLine={false}
        allowDataOverflow
      />
    </ComposedChart>
  )
})
