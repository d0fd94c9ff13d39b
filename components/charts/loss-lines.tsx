'use client'
import { memo } from 'react'
import { type Series, seriesColor } from '#components/ui/series.ts'
import type { Frame } from './geometry.ts'
import { beyondOf, dotsAs, lineAs, validDots, zerosOf } from './paths.ts'
import type { Curve, View } from './view.ts'

/** More hollow dots than this would hide the line. */
const MOST_DOTS = 60

interface LinesProps {
  view: View
  frame: Frame
  /** Draws the raw line behind the smoothed one. */
  smooth: boolean
}

const thin = { strokeWidth: 1.2, strokeOpacity: 0.35 }
const dashed = { strokeDasharray: '5 4' }

function CurveLines({ curve, view, frame, smooth }: LinesProps & { curve: Curve }) {
  const { series } = curve.run
  const colour = seriesColor(curve.run.colour as Series)
  const path = (line: Parameters<typeof lineAs>[3]) => lineAs(view, frame, curve, line)
  const dots = curve.valid.step.length <= MOST_DOTS ? dotsAs(validDots(view, frame, curve)) : ''
  const beyond = dotsAs(beyondOf(view, frame, curve))
  return (
    <g stroke={colour} fill="none" strokeLinejoin="round">
      <path data-line="train" d={path(series.trainLoss)} {...(smooth ? thin : { strokeWidth: 1.6 })} />
      <path d={path(curve.validRaw)} {...thin} {...dashed} />
      {smooth && <path d={path(series.smooth)} strokeWidth={2} />}
      <path d={path(curve.valid)} strokeWidth={1.6} {...dashed} />
      <path
        d={dotsAs(zerosOf(view, frame, curve))}
        strokeWidth={5.2}
        strokeLinecap="round"
        data-line="zeros"
      />
      <path d={dots} strokeWidth={7.2} strokeLinecap="round" />
      <path d={dots} strokeWidth={4} strokeLinecap="round" stroke="var(--surface)" />
      <path d={beyond} strokeWidth={6} strokeLinecap="square" />
    </g>
  )
}

/** The lines of every job, one path each: a thousand points render as fast as ten. Rendered once per data and zoom. */
export const LossLines = memo(function LossLines({ view, frame, smooth }: LinesProps) {
  const clip = 'loss-plot-area'
  return (
    <svg
      width={frame.width}
      height={frame.bottom + 4}
      className="pointer-events-none absolute inset-s-0 top-0"
      aria-hidden="true"
    >
      <clipPath id={clip}>
        <rect
          x={frame.left - 4}
          y={frame.top - 4}
          width={frame.right - frame.left + 8}
          height={frame.bottom - frame.top + 8}
        />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {view.curves.map((curve) => (
          <CurveLines key={curve.run.id} {...{ curve, view, frame, smooth }} />
        ))}
      </g>
    </svg>
  )
})
