import { cn } from '#components/ui/cn.ts'
import { type Series, seriesColor } from '#components/ui/series.ts'

export interface SparklineProps {
  values: readonly (number | null)[]
  /** Coloured only while the job is selected. */
  series?: Series
  /** Share of the width that the curve fills: the curve of a stopped job ends early. */
  progress?: number
  /** Without a label the curve is decorative. */
  label?: string
  className?: string
}

const [width, height, pad] = [96, 22, 2]

function pathOf(values: SparklineProps['values'], progress: number): string {
  const all = values.flatMap((value, step) => (value === null ? [] : [{ step, value }]))
  const most = Math.max(...all.map(({ value }) => value), Number.MIN_VALUE)
  const across = ((width - 2 * pad) * Math.min(1, progress)) / Math.max(1, values.length - 1)
  return all
    .map(({ step, value }, index) => {
      const y = height - pad - (value / most) * (height - 2 * pad)
      return `${index === 0 ? 'M' : 'L'}${(pad + step * across).toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}

/** A word-sized curve with zero at the bottom. Time runs left to right in every language. */
export function Sparkline({ values, series, progress = 1, label, className }: SparklineProps) {
  return (
    <svg
      role="img"
      aria-hidden={label === undefined}
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cn('block overflow-visible text-2', className)}
    >
      <path
        d={pathOf(values, progress)}
        fill="none"
        stroke={series ? seriesColor(series) : 'currentColor'}
        strokeWidth={1.4}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
