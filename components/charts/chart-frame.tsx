import type { ReactNode } from 'react'
import { cn } from '#components/ui/cn.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { type Series, seriesColor } from '#components/ui/series.ts'

export interface LegendEntry {
  key: string
  name: string
  /** `plainDash` stands for the dashed lines of all jobs. */
  mark: 'line' | 'thin' | 'dash' | 'plainDash' | 'diamond'
  /** Set if the chart shows several jobs. */
  colour?: number
}

const marks: Record<LegendEntry['mark'], string> = {
  line: 'w-4 border-t-2',
  thin: 'w-4 border-t opacity-50',
  dash: 'w-4 border-t-2 border-dashed',
  plainDash: 'w-4 border-(--text-3)! border-t-2 border-dashed',
  diamond: 'size-2 rotate-45 border-0 bg-series-1',
}

const Legend = ({ entries, className }: { entries: readonly LegendEntry[]; className: string }) => (
  <ul className={cn('flex-wrap gap-x-3.5 gap-y-1 text-2 text-meta', className)}>
    {entries.map(({ key, name, mark, colour }) => (
      <li key={key} className="inline-flex items-center gap-2">
        <span
          aria-hidden="true"
          className={cn('border-series-1', marks[mark])}
          style={colour ? { borderColor: seriesColor(colour as Series) } : undefined}
        />
        {name}
      </li>
    ))}
  </ul>
)

export interface ChartFrameProps {
  title: string
  legend: readonly LegendEntry[]
  /** View controls, such as a segmented control or a menu. */
  controls?: ReactNode
  children: ReactNode
}

/** A panel around a plot, with its legend in the head, or under the plot on a phone. */
export const ChartFrame = ({ title, legend, controls, children }: ChartFrameProps) => (
  <Panel aria-label={title} className="@container">
    <PanelHead
      title={title}
      terms={['loss', 'validationLoss', 'accuracy']}
      meta={<Legend entries={legend} className="ms-2 hidden @[620px]:flex" />}
    >
      {controls}
    </PanelHead>
    {children}
    <Legend entries={legend} className="flex border-t px-4 py-2.5 @[620px]:hidden" />
  </Panel>
)
