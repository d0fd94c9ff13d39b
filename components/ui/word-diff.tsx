'use client'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'
import { type WordPart, wordParts } from './word-parts.ts'

export interface WordDiffProps {
  before: string
  after: string
  /** Characters shown around each change; if absent, the texts are shown whole. */
  context?: number
  className?: string
}

/** Keeps only text near a change; removed and added text is cut at ten times that length. */
function shorten({ value, removed, added }: WordPart, index: number, all: number, context: number): string {
  if (removed || added) return value.length > context * 10 ? `${value.slice(0, context * 10)}…` : value
  const head = index === 0 ? '' : value.slice(0, context)
  const tail = index === all - 1 ? '' : value.slice(-context)
  return head.length + tail.length < value.length ? `${head}…${tail}` : value
}

function near(parts: WordPart[], context: number | undefined): WordPart[] {
  if (context === undefined) return parts
  return parts.map((part, index) => ({ ...part, value: shorten(part, index, parts.length, context) }))
}

/**
 * Two texts as one: removed words are struck through, added words underlined, and both are named for screen readers.
 */
export function WordDiff({ before, after, context, className }: WordDiffProps) {
  const t = useTranslations('ui.diff')
  const parts = useMemo(() => near(wordParts(before, after).parts, context), [before, after, context])
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
