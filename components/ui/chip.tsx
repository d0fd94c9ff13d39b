import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { Dot, type DotKind } from './dot.tsx'
import { softTone, type Tone } from './tone.ts'

/** A short fact about the item beside it. Not interactive. */
export const Chip = ({
  tone = 'base',
  dot,
  children,
}: {
  tone?: Tone
  dot?: DotKind
  children: ReactNode
}) => (
  <span
    className={cn(
      'inline-flex h-5.5 items-center gap-1.5 whitespace-nowrap rounded border px-2 font-medium text-meta',
      softTone[tone],
    )}
  >
    {dot && <Dot kind={dot} tone={tone} />}
    {children}
  </span>
)
