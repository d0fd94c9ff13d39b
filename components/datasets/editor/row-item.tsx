'use client'
import Check from 'lucide-react/icons/check'
import CircleCheck from 'lucide-react/icons/circle-check'
import StickyNote from 'lucide-react/icons/sticky-note'
import { memo, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Dot } from '#components/ui/dot.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { Tile } from '#components/ui/tile.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'
import { domain } from '#lib/domain/domain.ts'
import type { Severity } from '#lib/training-data/issue.ts'
import { rowWords } from '../row-words.ts'
import { NEW_ROW } from './new-row.ts'
import { type Choice, choiceOf } from './use-chosen.ts'

export interface RowItemProps {
  row: DatasetRow | undefined
  /** Index in the list, from 0, and the length of the list. */
  place: number
  count: number
  selected: boolean
  /** Selected together with other rows, for a change of all of them. */
  chosen: boolean
  unsaved: boolean
  /** The worst severity of its issues. */
  flag: Severity | null
  onSelect: (place: number, id: string, how: Choice) => void
}

const frame = 'flex h-12 w-full items-center gap-2 border-b border-s-2 ps-3.5 pe-4 text-start'

const Waiting = () => (
  <div className={cn(frame, 'border-s-transparent')}>
    <Skeleton className="h-3.5 w-6" />
    <span className="grid flex-1 gap-1.5">
      <Skeleton className="h-3.5 w-2/3" />
      <Skeleton className="h-3 w-5/6" />
    </span>
  </div>
)

function Words({ row }: { row: DatasetRow }) {
  const { fixed } = useFormat()
  const t = useTranslations('datasets.rows')
  const { kind, question, answer } = rowWords(row.text)
  const title = {
    blank: t('blank'),
    broken: t(row.text === null ? 'notUtf8' : 'broken'),
    long: t('long', { size: fixed((row.text?.length ?? 0) / 1e6, 1) }),
  }
  const label = question && domain.rowLabel(question)
  const isConversation = kind === 'conversation'
  const isOut = row.review === 'rejected'
  return (
    <>
      {label && <Tile>{label}</Tile>}
      <span className="grid min-w-0 flex-1">
        <span
          dir="auto"
          className={cn('truncate font-medium', (!question || isOut) && 'text-3', isOut && 'line-through')}
        >
          {isConversation ? (question ?? t('noQuestion')) : title[kind]}
        </span>
        <span dir="auto" className="truncate text-3 text-meta">
          {isConversation ? (answer ?? t('noAnswer')) : row.text?.slice(0, 300)}
        </span>
      </span>
    </>
  )
}

/** Whether a row was reviewed, and whether it has a note. */
function Marks({ row: { review, note } }: { row: DatasetRow }) {
  const t = useTranslations('datasets.rows')
  return (
    <>
      {review === 'reviewed' && <Mark icon={<CircleCheck size={14} />}>{t('reviewed')}</Mark>}
      {note && <Mark icon={<StickyNote size={14} />}>{t('hasNote')}</Mark>}
    </>
  )
}

const Mark = ({ icon, children }: { icon: ReactNode; children: string }) => (
  <span title={children} className="shrink-0 text-3">
    <span aria-hidden>{icon}</span>
    <span className="sr-only">{children}</span>
  </span>
)

/** A row of the list: number, question and answer, split, and whether it has issues. */
export const RowItem = memo(function RowItem(props: RowItemProps) {
  const { row, place, count, selected, chosen, unsaved, flag, onSelect } = props
  const t = useTranslations('datasets.rows')
  if (!row) return <Waiting />
  const isNew = row.id === NEW_ROW
  return (
    <button
      type="button"
      data-place={place}
      aria-current={selected || undefined}
      tabIndex={selected ? 0 : -1}
      onClick={(event) => onSelect(place, row.id, choiceOf(event))}
      className={cn(
        frame,
        '-outline-offset-2',
        selected ? 'border-s-accent' : 'border-s-transparent',
        selected || chosen ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span
        className={cn(
          'shrink-0 text-end text-3 text-meta tabular-nums',
          count > 99_999 ? 'w-14' : count > 999 ? 'w-10' : 'w-6',
        )}
      >
        {chosen ? (
          <>
            <span className="sr-only">{t('chosen')} </span>
            <Check size={14} aria-hidden className="inline text-accent" />
          </>
        ) : (
          !isNew && row.number
        )}
      </span>
      <Words row={row} />
      <Marks row={row} />
      {flag && (
        <>
          <Dot tone={flag === 'error' ? 'bad' : 'warn'} />
          <span className="sr-only">{t(flag)}</span>
        </>
      )}
      <span className="shrink-0 text-2 text-end text-meta">
        {unsaved ? (
          <i>{t('unsaved')}</i>
        ) : isNew ? (
          <i>{t('new')}</i>
        ) : (
          t(row.review === 'rejected' ? 'rejected' : row.split)
        )}
      </span>
    </button>
  )
})
