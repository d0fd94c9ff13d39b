'use client'
import { memo } from 'react'
import { CartesianGrid, ComposedChart, Line, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts'
import { type Frame, lossHeight, yAt } from './geometry.ts'
import type { Tick } from './scale.ts'
import { tickLabel } from './tick-label.tsx'
import type { View } from './view.ts'

export interface LossLinesProps {
  view: View
  frame: Frame
  total: number
  ticks: Tick[]
  bands: [number, number][]
  smooth: boolean
}

const colour = 'var(--series-1)'
const still = {
  isAnimationActive: false,
  connectNulls: true,
  activeDot: false,
  type: 'linear',
  stroke: colour,
} as const

/** The lines and their axes. Everything that answers to a pointer or a key lies over it, so these draw once per data. */
export const LossLines = memo(function LossLines({
  view,
  frame,
  total,
  ticks,
  bands,
  smooth,
}: LossLinesProps) {
  const { scale, rows, best } = view
  const [low, high] = scale.domain
  const isLog = scale.kind === 'log'
  const gridAt = scale.ticks
    .filter(({ at }) => at >= scale.floor)
    .map(({ at }) => yAt(frame, scale.domain, at))
  return (
    <ComposedChart
      width={frame.width}
      height={lossHeight}
      margin={frame.margin}
      data={rows}
      accessibilityLayer={false}
      aria-hidden="true"
    >
      {bands.map(([from, to]) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          y1={scale.floor}
          y2={high}
          fill="var(--band)"
          fillOpacity={1}
          zIndex={-300}
        />
      ))}
      {isLog && (
        <ReferenceArea y1={low} y2={scale.floor} fill="var(--accent-soft)" fillOpacity={0.55} zIndex={-300} />
      )}
      <CartesianGrid vertical={false} stroke="var(--grid)" horizontalPoints={gridAt} />
      <ReferenceLine y={low} stroke="var(--border-strong)" zIndex={0} />
      <XAxis
        type="number"
        dataKey="step"
        domain={[1, total]}
        ticks={ticks.map(({ at }) => at)}
        tick={tickLabel(ticks, 'middle')}
        height={frame.xAxis}
        interval={0}
        axisLine={false}
        tickLine={false}
        allowDataOverflow
      />
      <YAxis
        type="number"
        domain={[low, high]}
        ticks={scale.ticks.map(({ at }) => at)}
        tick={tickLabel(scale.ticks, 'end', (tick) => isLog && tick.label === '0')}
        width={frame.yAxis}
        interval={0}
        axisLine={false}
        tickLine={false}
        allowDataOverflow
      />
      {best && (
        <ReferenceLine
          segment={[
            { x: best.step, y: scale.y(best.value) },
            { x: best.step, y: high },
          ]}
          stroke="var(--text-3)"
          strokeDasharray="2 3"
        />
      )}
      <Line
        {...still}
        dataKey="raw"
        strokeWidth={smooth ? 1.2 : 1.6}
        strokeOpacity={smooth ? 0.35 : 1}
        dot={false}
      />
      <Line
        {...still}
        dataKey="validRaw"
        strokeWidth={1.2}
        strokeOpacity={0.35}
        strokeDasharray="5 4"
        dot={false}
      />
      <Line {...still} dataKey="smooth" strokeWidth={2} strokeLinejoin="round" dot={false} />
      <Line
        {...still}
        dataKey="zero"
        stroke="none"
        dot={{ r: 2.6, fill: colour, stroke: 'none', clipDot: false }}
      />
      <Line
        {...still}
        dataKey="valid"
        strokeWidth={1.6}
        strokeDasharray="5 4"
        dot={
          view.valid.length > 60
            ? false
            : {
                r: 2.8,
                fill: 'var(--surface)',
                stroke: colour,
                strokeWidth: 1.6,
                strokeDasharray: '',
                clipDot: false,
              }
        }
      />
    </ComposedChart>
  )
})
