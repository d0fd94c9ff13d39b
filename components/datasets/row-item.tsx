'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Dot } from '#components/ui/dot.tsx'
import { Tile } from '#components/ui/tile.tsx'
import type { DatasetRow } from '#lib/datasets/schema.ts'
import type { Severity } from '#lib/examples/issue.ts'
import { elementIn } from './elements.ts'
import { rowWords } from './row-words.ts'

export interface RowItemProps {
  row: DatasetRow
  selected: boolean
  unsaved: boolean
  /** The worst that the checks say of it. */
  flag: Severity | null
  onSelect: (number: number, id: string) => void
}

/** One row of the list: its number, what it asks and answers, its split, and whether something is wrong. */
export const RowItem = memo(function RowItem({ row, selected, unsaved, flag, onSelect }: RowItemProps) {
  const t = useTranslations('datasets.rows')
  const { kind, question, answer } = rowWords(row.text)
  const title = { blank: t('blank'), broken: t(row.text === null ? 'notUtf8' : 'broken') }
  const symbol = question && elementIn(question)
  return (
    <li>
      <button
        type="button"
        data-row={row.number}
        aria-current={selected || undefined}
        tabIndex={selected ? 0 : -1}
        onClick={() => onSelect(row.number, row.id)}
        className={cn(
          'flex h-12 w-full items-center gap-2 border-b border-s-2 ps-3.5 pe-4 text-start -outline-offset-2',
          selected ? 'border-s-accent bg-selected' : 'border-s-transparent hover:bg-hover',
        )}
      >
        <span className="w-6 shrink-0 text-end text-3 text-meta tabular-nums">{row.number}</span>
        {symbol && <Tile>{symbol}</Tile>}
        <span className="grid min-w-0 flex-1">
          <span dir="auto" className={cn('truncate font-medium', !question && 'text-3')}>
            {kind === 'conversation' ? (question ?? t('noQuestion')) : title[kind]}
          </span>
          <span dir="auto" className="truncate text-3 text-meta">
            {kind === 'conversation' ? (answer ?? t('noAnswer')) : row.text}
          </span>
        </span>
        {flag && (
          <>
            <Dot tone={flag === 'error' ? 'bad' : 'warn'} />
            <span className="sr-only">{t(flag)}</span>
          </>
        )}
        <span className="shrink-0 text-2 text-end text-meta">
          {unsaved ? <i>{t('unsaved')}</i> : t(row.split)}
        </span>
      </button>
    </li>
  )
})
