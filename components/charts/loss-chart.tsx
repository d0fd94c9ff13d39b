'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { ChartFrame, type LegendEntry } from './chart-frame.tsx'
import type { LossPlotProps } from './loss-plot.tsx'
import { PlotSkeleton } from './plot-skeleton.tsx'
import { PointsTable } from './points-table.tsx'
import type { ScaleKind } from './scale.ts'

const LossPlot = dynamic(() => import('./loss-plot.tsx').then((module) => module.LossPlot), {
  ssr: false,
  loading: PlotSkeleton,
})

/** `label` is the diagnosis in a sentence: it is what the chart says to who cannot see it. */
export type LossChartProps = Omit<LossPlotProps, 'kind' | 'smooth'>

function useLegend({ points, checkpoints }: LossChartProps, smooth: boolean): LegendEntry[] {
  const t = useTranslations('charts')
  const hasValidation = points.some((point) => point.validLoss !== null || point.fullValidLoss !== null)
  return [
    ...(smooth
      ? ([
          { name: t('smoothed', { weight: 0.6 }), mark: 'line' },
          { name: t('raw'), mark: 'thin' },
        ] as const)
      : ([{ name: t('train'), mark: 'line' }] as const)),
    ...(hasValidation ? ([{ name: t('validation'), mark: 'dash' }] as const) : []),
    ...(checkpoints.length > 0 ? ([{ name: t('checkpoint'), mark: 'diamond' }] as const) : []),
  ]
}

/** Loss over steps, and under it how many tokens were guessed right. */
export function LossChart(props: LossChartProps) {
  const t = useTranslations('charts')
  const [kind, setKind] = useState<ScaleKind>('log')
  const [smooth, setSmooth] = useState(true)
  const [asTable, setAsTable] = useState(false)
  const controls = (
    <>
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
        items={[
          { label: t('smooth'), checked: smooth, onSelect: () => setSmooth(!smooth) },
          { label: t('asTable'), checked: asTable, onSelect: () => setAsTable(!asTable) },
        ]}
      />
    </>
  )
  return (
    <ChartFrame title={t('loss')} legend={useLegend(props, smooth)} controls={controls}>
      {asTable ? <PointsTable {...props} /> : <LossPlot {...props} kind={kind} smooth={smooth} />}
    </ChartFrame>
  )
}
