'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import dynamic from 'next/dynamic'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { ChartFrame, type LegendEntry } from './chart-frame.tsx'
import { keep, pngOf, svgOf } from './export-chart.ts'
import type { LossPlotProps } from './loss-plot.tsx'
import { PlotSkeleton } from './plot-skeleton.tsx'
import { PointsTable } from './points-table.tsx'
import type { ScaleKind } from './scale.ts'
import type { By, ChartRun } from './series.ts'

const LossPlot = dynamic(() => import('./loss-plot.tsx').then((module) => module.LossPlot), {
  ssr: false,
  loading: PlotSkeleton,
})

/** Weights of the moving average to choose from; 0: no smoothing. */
const WEIGHTS = [0, 0.3, 0.6, 0.9, 0.97] as const

export interface LossChartProps extends Omit<LossPlotProps, 'kind' | 'smooth' | 'calm'> {
  /** The option is offered only if this is set. */
  onBy?: (by: By) => void
  smooth: number
  onSmooth: (weight: number) => void
  /** Base name of exported files. */
  exportName: string
  /** Title of exported pictures. */
  exportTitle: string
  /** URL of a CSV with every point; the drawn curve may be downsampled. */
  csvHref: string
}

function useLegend(runs: readonly ChartRun[], smooth: number): LegendEntry[] {
  const t = useTranslations('charts')
  const hasValidation = runs.some(
    ({ series }) => series.validLoss.step.length > 0 || series.fullValidLoss.step.length > 0,
  )
  const dashed = hasValidation ? ([{ key: 'valid', name: t('validation'), mark: 'dash' }] as const) : []
  if (runs.length > 1)
    return [
      ...runs.map(({ id, symbol, name, colour }) => ({
        ...{ key: id, name: `${symbol} ${name}`, mark: 'line' as const, colour },
      })),
      ...dashed.map((entry) => ({ ...entry, mark: 'plainDash' as const })),
    ]
  const [run] = runs
  return [
    ...(smooth > 0
      ? ([
          { key: 'smooth', name: t('smoothed', { weight: smooth }), mark: 'line' },
          { key: 'raw', name: t('raw'), mark: 'thin' },
        ] as const)
      : ([{ key: 'train', name: t('train'), mark: 'line' }] as const)),
    ...dashed,
    ...(run && run.checkpoints.length > 0
      ? ([{ key: 'checkpoint', name: t('checkpoint'), mark: 'diamond' }] as const)
      : []),
  ]
}

function ByChoice({ by, onBy }: { by: By; onBy: (by: By) => void }) {
  const t = useTranslations('charts')
  return (
    <Segmented
      label={t('by')}
      value={by}
      onValueChange={onBy}
      options={[
        { value: 'step', label: t('byStep') },
        { value: 'epoch', label: t('byEpoch') },
        { value: 'time', label: t('byTime') },
      ]}
    />
  )
}

/** Loss over time, and below it token accuracy, for one job or several. */
export function LossChart(props: LossChartProps) {
  const { onBy, smooth, onSmooth, exportName, exportTitle, csvHref, ...plot } = props
  const t = useTranslations('charts')
  const [kind, setKind] = useState<ScaleKind>('log')
  const [calm, setCalm] = useState(false)
  const [asTable, setAsTable] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const { runs, by, label } = plot
  const reset = () => {
    plot.onRange(null)
    // The button disappears after the click, so move the focus first.
    box.current?.querySelector<HTMLElement>('[role="slider"]')?.focus()
  }
  const legend = useLegend(runs, smooth)
  const picture = (take: (svg: string) => void) => () =>
    box.current && take(svgOf(box.current, { title: exportTitle, legend }))
  const items = [
    ...WEIGHTS.map((weight) => ({
      label: weight === 0 ? t('noSmoothing') : t('smoothing', { weight }),
      checked: smooth === weight,
      onSelect: () => onSmooth(weight),
    })),
    null,
    { label: t('calm'), checked: calm, onSelect: () => setCalm(!calm) },
    { label: t('asTable'), checked: asTable, onSelect: () => setAsTable(!asTable) },
    null,
    { label: t('keepCsv'), href: csvHref, download: true },
    ...(asTable
      ? []
      : [
          {
            label: t('keepPng'),
            onSelect: picture((svg) => void pngOf(svg).then((blob) => keep(blob, `${exportName}.png`))),
          },
          {
            label: t('keepSvg'),
            onSelect: picture((svg) => keep(new Blob([svg], { type: 'image/svg+xml' }), `${exportName}.svg`)),
          },
        ]),
  ]
  const controls = (
    <>
      {plot.range && (
        <Button size="sm" onClick={reset}>
          {t('resetZoom')}
        </Button>
      )}
      {onBy && <ByChoice by={by} onBy={onBy} />}
      <Segmented
        label={t('scale')}
        value={kind}
        onValueChange={setKind}
        options={[
          { value: 'linear', label: t('linear') },
          { value: 'log', label: t('logZero') },
        ]}
      />
      <Menu
        label={t('view')}
        trigger={
          <IconButton size="sm" label={t('view')}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={items}
      />
    </>
  )
  return (
    <ChartFrame title={t('loss')} legend={legend} controls={controls}>
      {asTable ? (
        <PointsTable runs={runs} label={label} />
      ) : (
        <div ref={box}>
          <LossPlot {...plot} kind={kind} smooth={smooth > 0} calm={calm} />
        </div>
      )}
    </ChartFrame>
  )
}
