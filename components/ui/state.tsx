import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { Dot, type DotKind } from './dot.tsx'
import type { Tone } from './tone.ts'

export interface StateProps {
  kind?: DotKind
  tone: Tone
  /** The label. Colour alone never carries the meaning. */
  children: ReactNode
  quiet?: boolean
  /** Set while something runs. */
  pulse?: boolean
  className?: string
}

export const State = ({ kind, tone, children, quiet, pulse, className }: StateProps) => (
  <span
    className={cn(
      'inline-flex items-center gap-1.5 whitespace-nowrap',
      quiet ? 'text-2 text-meta' : 'font-medium text-1',
      className,
    )}
  >
    <Dot kind={kind} tone={tone} pulse={pulse} />
    <span>{children}</span>
  </span>
)
