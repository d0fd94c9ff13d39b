import type { CSSProperties } from 'react'
import { cn } from './cn.ts'
import { type Series, seriesColor } from './series.ts'

export interface TileProps {
  /** One or two letters. */
  children: string
  /** Filled with this colour while the item is on a chart. */
  series?: Series
  /** `xl` shows `number` above the letters. */
  size?: 'md' | 'xl'
  number?: number
  className?: string
}

/** Two letters that stay legible in legends, tabs and toasts. Decorative: the name is beside it. */
export const Tile = ({ children, series, size = 'md', number, className }: TileProps) => (
  <span
    dir="ltr"
    aria-hidden="true"
    style={series && ({ backgroundColor: seriesColor(series) } as CSSProperties)}
    className={cn(
      'relative inline-grid shrink-0 rounded border font-semibold leading-none',
      size === 'md'
        ? 'size-6.5 place-items-center text-meta'
        : 'size-12 place-items-end justify-start p-[7px] text-page',
      series ? 'border-transparent text-surface' : 'border-strong bg-surface',
      !series && (size === 'md' ? 'text-2' : 'text-1'),
      className,
    )}
  >
    {size === 'xl' && number !== undefined && (
      <span className="absolute start-[7px] top-1 text-3 text-micro tabular-nums">{number}</span>
    )}
    {children}
  </span>
)
