'use client'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import type { Format } from '#components/ui/format.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { AccuracyStrip } from './accuracy-strip.tsx'
import { Crosshair } from './crosshair.tsx'
import { captionHeight, frameOf, lossHeight } from './geometry.ts'
import { LossAxes } from './loss-axes.tsx'
import { LossLines } from './loss-lines.tsx'
import { Marks } from './marks.tsx'
import { PlotSkeleton } from './plot-skeleton.tsx'
import { epochBands, epochTicks, roundTicks, type ScaleKind, stepTicks, type Tick } from './scale.ts'
import { ScoreStrip } from './score-strip.tsx'
import type { By, ChartRun } from './series.ts'
import { useWidth } from './use-width.ts'
import { type View, viewOf } from './view.ts'

export interface LossPlotProps {
  runs: readonly ChartRun[]
  by: By
  /** Visible range of the axis in steps, epochs or seconds, as set by `by`; null: all. */
  range: [number, number] | null
  onRange: (range: [number, number] | null) => void
  running: boolean
  /** The diagnosis in one sentence; the text alternative of the chart. */
  label: string
  /** Called with the width of the plot in px whenever it changes, so that the caller can request samples for it. */
  onWidth: (px: number) => void
  selectedStep: number | null
  onStep?: (step: number) => void
  kind: ScaleKind
  smooth: boolean
  calm: boolean
}

const mostBands = 20

interface Axis {
  ticks: Tick[]
  bands: [number, number][]
  caption: 'steps' | 'epochs' | 'stepsAndEpochs' | 'time'
}

function axisOf({ by, x, curves }: View, clock: Format['clock']): Axis {
  const [from, to] = x
  if (by === 'time') return { ticks: roundTicks(from, to, clock), bands: [], caption: 'time' }
  if (by === 'epoch')
    return {
      ticks: roundTicks(from, to, (at) => String(Number(at.toFixed(2)))),
      bands: [],
      caption: 'epochs',
    }
  const perEpoch = curves.length === 1 ? curves[0]?.run.stepsPerEpoch : null
  if (!perEpoch) return { ticks: stepTicks(from, to), bands: [], caption: 'steps' }
  if ((to - from) / perEpoch > mostBands)
    return { ticks: epochTicks(from, to, perEpoch), bands: [], caption: 'epochs' }
  return { ticks: stepTicks(from, to), bands: epochBands(from, to, perEpoch), caption: 'stepsAndEpochs' }
}

/** The plot with recharts; loaded only on pages that show a chart. */
export function LossPlot(props: LossPlotProps) {
  const { runs, by, range, onRange, running, label, onWidth, selectedStep, onStep, kind, smooth, calm } =
    props
  const { clock } = useFormat()
  const t = useTranslations('charts')
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const view = useMemo(() => viewOf(runs, { by, kind, calm, range }), [runs, by, kind, calm, range])
  const frame = useMemo(() => frameOf(width ?? 0), [width])
  const axis = useMemo(() => axisOf(view, clock), [view, clock])
  const plotWidth = width === null ? null : frame.right - frame.left
  useEffect(() => {
    if (plotWidth !== null && plotWidth > 0) onWidth(plotWidth)
  }, [plotWidth, onWidth])
  const isEmpty = view.curves.every(({ steps }) => steps.length === 0)
  const hasAccuracy = isEmpty || runs.some(({ series }) => series.accuracy.step.length > 0)
  return (
    <div ref={box} dir="ltr" className="relative">
      {width === null ? (
        <PlotSkeleton />
      ) : (
        <>
          <LossAxes y={view.y} x={view.x} frame={frame} ticks={axis.ticks} bands={axis.bands} />
          <LossLines view={view} frame={frame} smooth={smooth} />
          <div
            className="text-center text-axis text-micro"
            style={{ blockSize: captionHeight, paddingInlineEnd: frame.margin.right - frame.left }}
          >
            <span data-word>{t(axis.caption)}</span>
          </div>
          {hasAccuracy && <AccuracyStrip view={view} frame={frame} />}
          {runs.some(({ scores }) => scores) && <ScoreStrip view={view} frame={frame} />}
          <Crosshair {...{ view, frame, hasAccuracy, label, onRange, onStep }} zoomed={range !== null} />
          <Marks view={view} frame={frame} selectedStep={selectedStep} />
          {view.beyond > 0 && (
            <p className="absolute inset-s-12 top-0 text-2 text-micro">
              {t('beyond', { count: view.beyond })}
            </p>
          )}
          {isEmpty && (
            <p className="absolute inset-x-0 px-14 text-3" style={{ insetBlockStart: lossHeight / 2 - 24 }}>
              {t(running ? 'firstPoint' : 'noMetrics')}
            </p>
          )}
        </>
      )}
    </div>
  )
}
