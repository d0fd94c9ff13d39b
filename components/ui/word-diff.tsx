'use client'
import { type ChangeObject, diffLines, diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'

export interface WordDiffProps {
  before: string
  after: string
  /** Letters shown around each change; without it the texts are shown whole. */
  context?: number
  className?: string
}

type Part = Pick<ChangeObject<string>, 'value' | 'removed' | 'added'>

/** Letters of both texts together; beyond them the work of comparing words grows too large for a page. */
const LIMIT = 20_000
/** Gives up on texts that have little in common; then all of one goes and all of the other comes. */
const OPTIONS = { timeout: 200 }

const replaced = (before: string, after: string): Part[] => [
  { value: before, removed: true, added: false },
  { value: after, removed: false, added: true },
]

function compare(before: string, after: string): Part[] {
  const long = before.length + after.length > LIMIT
  const parts = long ? diffLines(before, after, OPTIONS) : diffWordsWithSpace(before, after, OPTIONS)
  return (parts ?? replaced(before, after)).filter(({ value }) => value !== '')
}

/** Only what is near a change; what goes or comes is cut at ten times as much. */
function shorten({ value, removed, added }: Part, index: number, all: number, context: number): string {
  if (removed || added) return value.length > context * 10 ? `${value.slice(0, context * 10)}…` : value
  const head = index === 0 ? '' : value.slice(0, context)
  const tail = index === all - 1 ? '' : value.slice(-context)
  return head.length + tail.length < value.length ? `${head}…${tail}` : value
}

function near(parts: Part[], context: number | undefined): Part[] {
  if (context === undefined) return parts
  return parts.map((part, index) => ({ ...part, value: shorten(part, index, parts.length, context) }))
}

/** Two texts as one: what goes is struck through, what comes is underlined, and both are said aloud. */
export function WordDiff({ before, after, context, className }: WordDiffProps) {
  const t = useTranslations('ui.diff')
  const parts = useMemo(() => near(compare(before, after), context), [before, after, context])
  return (
    <p dir="auto" className={cn('people-text', className)}>
      {parts.map(({ value, removed, added }, index) => {
        const key = `${index}:${value.length}`
        if (!removed && !added) return <span key={key}>{value}</span>
        const Mark = removed ? 'del' : 'ins'
        const look = removed ? 'bg-bad-soft text-bad line-through' : 'bg-ok-soft text-ok underline'
        return (
          <Mark key={key} className={cn('rounded-xs', look)}>
            <span className="sr-only">{removed ? t('removed') : t('added')} </span>
            {value}
          </Mark>
        )
      })}
    </p>
  )
}
