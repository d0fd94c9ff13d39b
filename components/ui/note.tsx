import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { softTone, type Tone } from './tone.ts'

export interface NoteProps {
  tone?: Tone | 'plain'
  icon?: ReactNode
  children: ReactNode
  /** One next step. */
  actions?: ReactNode
  /** Announced to screen readers when it appears. */
  live?: boolean
}

/** A sentence with its numbers, and one next step. At most one tinted note per screen. */
export const Note = ({ tone = 'plain', icon, children, actions, live }: NoteProps) => (
  <div
    role={live ? 'status' : undefined}
    className={cn(
      'flex flex-wrap items-center gap-x-2.5 gap-y-2 rounded-lg border px-4 py-2.5 sm:flex-nowrap',
      tone === 'plain' ? 'bg-surface' : cn(softTone[tone], 'text-2!'),
    )}
  >
    {icon && <span className="shrink-0">{icon}</span>}
    <div className="min-w-0 flex-1 basis-56">{children}</div>
    {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
  </div>
)
