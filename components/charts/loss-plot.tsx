'use client'
import { useRouter } from 'next/navigation'
import { useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { AccuracyStrip } from './accuracy-strip.tsx'
import { Crosshair } from './crosshair.tsx'
import { captionHeight, frameOf, lossHeight } from './geometry.ts'
import { LossLines } from './loss-lines.tsx'
import { type Checkpoint, Marks } from './marks.tsx'
import { PlotSkeleton } from './plot-skeleton.tsx'
import { epochBands, epochTicks, type Point, type ScaleKind, stepTicks } from './scale.ts'
import { useWidth } from './use-width.ts'
import { viewOf } from './view.ts'

export interface LossPlotProps {
  points: readonly Point[]
  totalSteps: number | null
  stepsPerEpoch: number | null
  checkpoints: readonly Checkpoint[]
  running: boolean
  label: string
  kind: ScaleKind
  smooth: boolean
}

const mostBands = 20

function useAxis(total: number, stepsPerEpoch: number | null) {
  const t = useTranslations('charts')
  return useMemo(() => {
    if (!stepsPerEpoch) return { ticks: stepTicks(total), bands: [], caption: t('steps') }
    if (total / stepsPerEpoch > mostBands)
      return { ticks: epochTicks(total, stepsPerEpoch), bands: [], caption: t('epochs') }
    return { ticks: stepTicks(total), bands: epochBands(total, stepsPerEpoch), caption: t('stepsAndEpochs') }
  }, [total, stepsPerEpoch, t])
}

/** The plot itself, with recharts: loaded only where a chart is. */
export function LossPlot(props: LossPlotProps) {
  const { points, totalSteps, stepsPerEpoch, checkpoints, running, label, kind, smooth } = props
  const t = useTranslations('charts')
  const router = useRouter()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const view = useMemo(() => viewOf(points, kind, smooth), [points, kind, smooth])
  const frame = useMemo(() => frameOf(width ?? 0), [width])
  const total = Math.max(2, totalSteps ?? points.at(-1)?.step ?? 0)
  const axis = useAxis(total, stepsPerEpoch)
  const hasAccuracy = points.length === 0 || points.some(({ accuracy }) => accuracy !== null)
  const open = (step: number) => {
    const checkpoint = checkpoints.find((candidate) => candidate.step === step)
    if (checkpoint) router.push(checkpoint.href)
  }
  return (
    <div ref={box} dir="ltr" className="relative">
      {width === null ? (
        <PlotSkeleton />
      ) : (
        <>
          <LossLines
            view={view}
            frame={frame}
            total={total}
            smooth={smooth}
            ticks={axis.ticks}
            bands={axis.bands}
          />
          <div
            className="text-center text-axis text-micro"
            style={{ blockSize: captionHeight, paddingInlineEnd: frame.margin.right - frame.left }}
          >
            {axis.caption}
          </div>
          {hasAccuracy && <AccuracyStrip points={points} frame={frame} total={total} />}
          <Crosshair {...{ points, view, frame, total, stepsPerEpoch, hasAccuracy, label }} onOpen={open} />
          <Marks view={view} frame={frame} total={total} checkpoints={checkpoints} />
          {points.length === 0 && (
            <p className="absolute inset-x-0 px-14 text-3" style={{ insetBlockStart: lossHeight / 2 - 24 }}>
              {t(running ? 'firstPoint' : 'noMetrics')}
            </p>
          )}
        </>
      )}
    </div>
  )
}
