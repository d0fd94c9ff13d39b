'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { accuracyPlot, type Frame, xAt } from './geometry.ts'
import type { Line } from './series.ts'
import { ShareStrip, shareScale } from './share-strip.tsx'
import type { Curve, View } from './view.ts'

const heightAt = shareScale(accuracyPlot)

const pathOf = (view: View, frame: Frame, { place }: Curve, { step, value }: Line): string =>
  step
    .map((at, index) => {
      const [x, y] = [xAt(frame, view.x, place(at)), heightAt(value[index] ?? 0)]
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')

/** Share of next tokens predicted correctly. */
export const AccuracyStrip = memo(function AccuracyStrip({ view, frame }: { view: View; frame: Frame }) {
  const t = useTranslations('charts')
  const clip = 'accuracy-plot-area'
  return (
    <ShareStrip title={t('accuracy')} height={accuracyPlot} frame={frame}>
      <clipPath id={clip}>
        <rect x={frame.left} y={0} width={frame.right - frame.left} height={accuracyPlot} />
      </clipPath>
      <g clipPath={`url(#${clip})`} fill="none" strokeLinejoin="round">
        {view.curves.map((curve) => {
          const { accuracy, validAccuracy } = curve.run.series
          const colour = seriesColor(curve.run.colour as Series)
          return (
            <g key={curve.run.id} stroke={colour}>
              <path d={pathOf(view, frame, curve, accuracy)} strokeWidth={1.6} />
              <path d={pathOf(view, frame, curve, validAccuracy)} strokeWidth={1.2} strokeDasharray="5 4" />
            </g>
          )
        })}
      </g>
    </ShareStrip>
  )
})
