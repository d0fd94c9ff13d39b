'use client'
import { memo } from 'react'
import { ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts'
import { useTranslations } from 'use-intl'
import { accuracyFoot, accuracyHead, accuracyPlot, type Frame } from './geometry.ts'
import { type Point, samplesOf, thinned } from './scale.ts'

/** How often the next token was guessed right, 0–1, on the steps of the loss above it. */
export const AccuracyStrip = memo(function AccuracyStrip(props: {
  points: readonly Point[]
  frame: Frame
  total: number
}) {
  const { points, frame, total } = props
  const t = useTranslations('charts')
  return (
    <div className="border-t" style={{ paddingBlockEnd: accuracyFoot }}>
      <div className="flex items-end px-4 text-axis text-micro" style={{ blockSize: accuracyHead }}>
        {t('accuracy')}
      </div>
      <ComposedChart
        width={frame.width}
        height={accuracyPlot}
        margin={{ ...frame.margin, top: 8, bottom: 8 }}
        data={[...thinned(samplesOf(points, 'accuracy'))]}
        accessibilityLayer={false}
        aria-hidden="true"
      >
        <XAxis hide type="number" dataKey="step" domain={[1, total]} allowDataOverflow />
        <YAxis
          type="number"
          domain={[0, 1]}
          allowDataOverflow
          ticks={[0, 1]}
          tickFormatter={(tick: number) => (tick === 0 ? '0' : '1.0')}
          width={frame.yAxis}
          tick={{ fontSize: 11, fill: 'var(--axis)' }}
          interval={0}
          axisLine={false}
          tickLine={false}
        />
        <ReferenceLine y={0} stroke="var(--grid)" />
        <ReferenceLine y={1} stroke="var(--grid)" />
        <Line
          dataKey="value"
          type="linear"
          stroke="var(--series-1)"
          strokeWidth={1.6}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
      </ComposedChart>
    </div>
  )
})
