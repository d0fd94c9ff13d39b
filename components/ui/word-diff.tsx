'use client'
import { type ChangeObject, diffLines, diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'

export interface WordDiffProps {
  before: string
  after: string
  /** Characters shown around each change; if absent, the texts are shown whole. */
  context?: number
  className?: string
}

type Part = Pick<ChangeObject<string>, 'value' | 'removed' | 'added'>

/** Characters of both texts together; above this, a word diff takes too long in a page. */
const LIMIT = 20_000
/**
 * ms. If the diff of two very different texts takes longer, all of one is shown as removed and all of the other as
 * added.
 */
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

/** Keeps only text near a change; removed and added text is cut at ten times that length. */
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

/**
 * Two texts as one: removed words are struck through, added words underlined, and both are named for screen readers.
 */
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
