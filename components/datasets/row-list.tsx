'use client'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Plus from 'lucide-react/icons/plus'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { count } from '#components/ui/format.ts'
import { IconButton } from '#components/ui/icon-button.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { type DatasetSummary, PAGE_ROWS } from '#lib/datasets/schema.ts'
import { RowItem } from './row-item.tsx'
import type { Editor } from './use-editor.ts'

/** Rows from which a model learns the form, and from which one may judge it. */
const LEAST = 10
const GOOD = 50

function Meter({ dataset: { train, heldout } }: { dataset: DatasetSummary }) {
  const t = useTranslations('datasets.rows')
  const rows = train.examples
  const advice = rows < LEAST ? t('needed', { count: LEAST - rows }) : rows < GOOD ? t('form') : t('enough')
  return (
    <footer className="grid gap-1.5 border-t px-4 py-2.5 text-meta">
      <span className="flex justify-between gap-2 text-2 tabular-nums">
        <span>{t('counts', { train: rows, heldout: heldout.examples })}</span>
        <span>{t('tokens', { count: train.tokens + heldout.tokens })}</span>
      </span>
      <ProgressBar value={rows} max={GOOD} tone="accent" label={t('meter')} />
      <span className="text-3">{advice}</span>
    </footer>
  )
}

function Pages({ editor: { offset, total, rows, go } }: { editor: Editor }) {
  const t = useTranslations('datasets.rows')
  if (total <= PAGE_ROWS) return null
  return (
    <nav aria-label={t('pages')} className="flex items-center justify-between border-t px-2 py-1 text-meta">
      <IconButton
        label={t('previousPage')}
        disabled={offset === 0}
        onClick={() => go(offset - PAGE_ROWS + 1)}
      >
        <ChevronLeft size={16} className="flip-rtl" aria-hidden />
      </IconButton>
      <span className="text-3 tabular-nums">
        {t('range', { from: offset + 1, to: offset + rows.length, total })}
      </span>
      <IconButton
        label={t('nextPage')}
        disabled={offset + PAGE_ROWS >= total}
        onClick={() => go(offset + PAGE_ROWS + 1)}
      >
        <ChevronRight size={16} className="flip-rtl" aria-hidden />
      </IconButton>
    </nav>
  )
}

/** The rows of the window. One of them is in the tab order; the arrows move from there. */
export function RowList({ editor, onOpen }: { editor: Editor; onOpen: () => void }) {
  const t = useTranslations('datasets.rows')
  const list = useRef<HTMLOListElement>(null)
  const { view, rows, row, total, go } = editor
  const move = (event: KeyboardEvent) => {
    if (!row) return
    const last = rows.at(-1)?.number ?? total
    const first = rows[0]?.number ?? 1
    const targets: Record<string, number> = {
      ArrowDown: Math.min(last, row.number + 1),
      ArrowUp: Math.max(first, row.number - 1),
      Home: first,
      End: last,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    go(target)
    list.current?.querySelector<HTMLElement>(`[data-row="${target}"]`)?.focus()
  }
  return (
    <>
      <header className="flex min-h-12 items-center gap-2 border-b ps-4 pe-3">
        <h2 className="font-semibold">{t('title')}</h2>
        <span className="text-3 tabular-nums">{count(total)}</span>
        <Button
          size="sm"
          className="ms-auto"
          icon={<Plus size={14} aria-hidden />}
          onClick={async () => {
            await editor.add({}, total + 1)
            onOpen()
          }}
        >
          {t('add')}
        </Button>
      </header>
      <nav aria-label={t('label')} className="min-h-0 flex-1 overflow-y-auto" onKeyDown={move}>
        {rows.length === 0 && view ? (
          <p className="px-4 py-5 text-2">{t('empty')}</p>
        ) : (
          <ol ref={list}>
            {rows.map((candidate) => (
              <RowItem
                key={candidate.id}
                row={candidate}
                selected={candidate.id === row?.id}
                unsaved={editor.unsaved(candidate.id)}
                flag={editor.flags.get(candidate.number) ?? null}
                onSelect={(number, id) => {
                  go(number, id)
                  onOpen()
                }}
              />
            ))}
          </ol>
        )}
      </nav>
      <Pages editor={editor} />
      {view && <Meter dataset={view.dataset} />}
    </>
  )
}
