import { cn } from './cn.ts'
import { dotTone, type Tone } from './tone.ts'

/** full: true or done. half: in progress. ring: not yet, or ended. square: a kind of model. diamond: a checkpoint. */
export type DotKind = 'full' | 'half' | 'ring' | 'square' | 'diamond'

const shapes: Record<DotKind, string> = {
  full: 'rounded-full bg-current',
  half: 'rounded-full bg-linear-to-r from-50% from-current to-50% to-transparent inset-ring-[1.5px] inset-ring-current rtl:bg-linear-to-l',
  ring: 'rounded-full inset-ring-[1.5px] inset-ring-current',
  square: 'rounded-[2px] bg-current',
  diamond: 'rotate-45 scale-85 rounded-[1px] bg-current',
}

export const Dot = ({ kind = 'full', tone, pulse }: { kind?: DotKind; tone: Tone; pulse?: boolean }) => (
  <span
    aria-hidden="true"
    className={cn('inline-block size-2 shrink-0', shapes[kind], dotTone[tone], pulse && 'pulse-slow')}
  />
)
