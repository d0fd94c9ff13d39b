'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { type Series, seriesColor } from '#components/ui/series.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { accuracyFoot, accuracyHead, accuracyPlot, type Frame, xAt } from './geometry.ts'
import type { Line } from './series.ts'
import type { Curve, View } from './view.ts'

/** px kept free above 1 and below 0. */
const air = 8

const heightAt = (value: number) => air + (1 - value) * (accuracyPlot - 2 * air)

const pathOf = (view: View, frame: Frame, { place }: Curve, { step, value }: Line): string =>
  step
    .map((at, index) => {
      const [x, y] = [xAt(frame, view.x, place(at)), heightAt(value[index] ?? 0)]
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')

/** Share of next tokens predicted correctly, 0–1, on the same x axis as the loss above it. */
export const AccuracyStrip = memo(function AccuracyStrip({ view, frame }: { view: View; frame: Frame }) {
  const { digits } = useFormat()
  const t = useTranslations('charts')
  const clip = 'accuracy-plot-area'
  return (
    <div className="border-t" style={{ paddingBlockEnd: accuracyFoot }}>
      <div className="flex items-end px-4 text-axis text-micro" style={{ blockSize: accuracyHead }}>
        <span data-word>{t('accuracy')}</span>
      </div>
      <svg width={frame.width} height={accuracyPlot} aria-hidden="true" className="block">
        <clipPath id={clip}>
          <rect x={frame.left} y={0} width={frame.right - frame.left} height={accuracyPlot} />
        </clipPath>
        {[0, 1].map((at) => (
          <g key={at}>
            <line x1={frame.left} x2={frame.right} y1={heightAt(at)} y2={heightAt(at)} stroke="var(--grid)" />
            <text x={frame.left - 8} y={heightAt(at) + 4} textAnchor="end" className="fill-axis text-micro">
              {digits(at === 0 ? '0' : '1.0')}
            </text>
          </g>
        ))}
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
      </svg>
    </div>
  )
})
