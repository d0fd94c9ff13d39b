import { cn } from './cn.ts'

const bars = [
  { x: 1, y: 1.5, width: 18 },
  { x: 1, y: 5.25, width: 18 },
  { x: 5, y: 9, width: 10, short: true },
  { x: 5, y: 12.75, width: 10, short: true },
  { x: 1, y: 16.5, width: 18 },
]

/** The logo: five bars. Decorative: show the name beside it. */
export function Logo({
  size = 20,
  className,
  quiet,
}: {
  size?: number
  className?: string
  quiet?: boolean
}) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      aria-hidden="true"
      className={cn('block shrink-0', quiet ? 'text-line-strong' : 'text-1', className)}
    >
      {bars.map(({ short, ...bar }) => (
        <rect
          key={bar.y}
          {...bar}
          height={2}
          rx={1}
          className={short ? (quiet ? 'fill-accent-line' : 'fill-accent') : 'fill-current'}
        />
      ))}
    </svg>
  )
}
