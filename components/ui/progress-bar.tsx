'use client'
import { Progress as Base } from '@base-ui/react/progress'
import { cn } from './cn.ts'
import { dotTone, type Tone } from './tone.ts'

export interface ProgressBarProps {
  /** null if the total is unknown. */
  value: number | null
  max?: number
  label: string
  tone?: Tone
  className?: string
}

export const ProgressBar = ({ value, max = 1, label, tone = 'busy', className }: ProgressBarProps) => (
  <Base.Root
    value={value === null ? null : Math.min(value, max)}
    max={max}
    aria-label={label}
    className={cn('block', dotTone[tone], className)}
  >
    <Base.Track className="block h-1 overflow-hidden rounded-full bg-base-soft">
      <Base.Indicator
        className={cn('block h-full rounded-full bg-current', value === null && 'pulse-slow w-full')}
      />
    </Base.Track>
  </Base.Root>
)
