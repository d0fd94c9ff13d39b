'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '#components/ui/badge.tsx'
import { cn } from '#components/ui/cn.ts'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Tone } from '#components/ui/tone.ts'
import type { EventLine } from './group-events.ts'

export const isWarning = ({ level }: { level: string }) => level !== 'info'

/** A diamond for a checkpoint, as on the chart; otherwise chosen by the level. */
function lookOf({ level, type, words }: EventLine): { kind: DotKind; tone: Tone } {
  if (level === 'error') return { kind: 'full', tone: 'bad' }
  if (level !== 'info') return { kind: 'half', tone: 'warn' }
  const isCheckpoint = type !== 'metrics' && /^checkpoint/i.test(words)
  return isCheckpoint ? { kind: 'diamond', tone: 'accent' } : { kind: 'ring', tone: 'mute' }
}

/** One line: time, kind, and the provider's message as sent. */
function Item({ line }: { line: EventLine }) {
  const t = useTranslations('jobs')
  const warning = isWarning(line)
  return (
    <li className="flex items-baseline gap-2.5 px-4 py-[5px] text-meta hover:bg-hover">
      <Time at={line.at} as="clock" className="shrink-0 text-3 tabular-nums" />
      <Dot {...lookOf(line)} />
      <span dir="auto" className={cn('wrap-anywhere min-w-0 flex-1', warning && 'font-medium')}>
        {warning && (
          <span className="sr-only">{t(`page.level.${line.level === 'error' ? 'error' : 'warn'}`)} </span>
        )}
        {line.steps
          ? t('events.folded', { from: line.steps[0], to: line.steps[1], rest: line.words })
          : line.words}
      </span>
      {line.again && <Badge>{t('events.again')}</Badge>}
      {line.count > 1 && <Badge>{t('events.times', { count: line.count })}</Badge>}
    </li>
  )
}

const isSame = (a: EventLine, b: EventLine) =>
  a.key === b.key && a.count === b.count && a.at === b.at && a.again === b.again

/** Memoized: new events above an unchanged line do not redraw it. */
export const EventItem = memo(Item, (before, after) => isSame(before.line, after.line))
