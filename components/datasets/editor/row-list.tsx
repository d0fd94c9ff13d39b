'use client'
import { type KeyboardEvent, memo, startTransition, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { useStable } from '#components/ui/use-stable.ts'
import type { DatasetRow } from '#lib/datasets/schema.ts'
import type { Severity } from '#lib/training-data/issue.ts'
import { ListFoot } from './list-foot.tsx'
import { NEW_ROW } from './new-row.ts'
import { RowItem } from './row-item.tsx'
import { RowSearch } from './row-search.tsx'
import type { Editor } from './use-editor.ts'
import { useLongList } from './use-long-list.ts'

// Rows and fields that did not change are not drawn again when a key is pressed elsewhere.
const Search = memo(RowSearch)
const Foot = memo(ListFoot)

/** Rows between two looks at what is in view. */
const STEP = 10
const inSteps = (place: number): number => place - (place % STEP)

/** The report names the first of very many problems only; what is being written is judged as it is written. */
const flagOf = ({ flags, unsaved }: Editor, { id, number, flag }: DatasetRow): Severity | null =>
  id === NEW_ROW ? null : (flags.get(number) ?? (unsaved(id) ? null : flag))

/** Which place an arrow leads to; undefined for other keys. */
function targetOf(key: string, index: number, total: number): number | undefined {
  const last = total - 1
  const targets: Record<string, number> = {
    ArrowDown: Math.min(last, index + 1),
    ArrowUp: Math.max(0, index - 1),
    PageDown: Math.min(last, index + 10),
    PageUp: Math.max(0, index - 10),
    Home: 0,
    End: last,
  }
  return targets[key]
}

function Empty({ editor }: { editor: Editor }) {
  const t = useTranslations('datasets')
  if (editor.rows.error) {
    return (
      <div className="p-4">
        <Failure error={editor.rows.error} onRetry={editor.rows.retry} />
      </div>
    )
  }
  if (editor.rows.loading) return null
  if (!editor.isFiltered) return <p className="px-4 py-5 text-2">{t('rows.empty')}</p>
  return (
    <div className="grid justify-items-start gap-3 px-4 py-5 text-2">
      <p>{t('filter.none')}</p>
      <Button size="sm" onClick={() => editor.changeFilter({})}>
        {t('filter.clear')}
      </Button>
    </div>
  )
}

/** The rows that the filter lets through. One of them is in the tab order; the arrows move from there. */
export function RowList({ editor, onOpen }: { editor: Editor; onOpen: () => void }) {
  const t = useTranslations('datasets.rows')
  const box = useRef<HTMLElement>(null)
  const { rows, index, open, setInView, filter } = editor
  const { height, items, show } = useLongList(rows.total, box)
  const [first, last] = [inSteps(items[0]?.index ?? 0), inSteps(items.at(-1)?.index ?? 0)]
  // Pages are asked for when there is time between two frames.
  useEffect(() => startTransition(() => setInView({ first, last })), [setInView, first, last])
  // Keys and problems open rows that may be out of view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another row is opened
  useEffect(() => show(index), [index, rows.total])
  const changeFilter = useStable(editor.changeFilter)
  const add = useStable(async () => {
    // A field that is out of sight takes no caret.
    onOpen()
    await editor.addBehind()
  })
  const onSelect = useStable((place: number, id: string) => {
    open(place, id)
    onOpen()
  })
  const move = (event: KeyboardEvent) => {
    const target = targetOf(event.key, index, rows.total)
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    open(target)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-current]')?.focus())
  }
  return (
    <>
      <Search
        filter={filter}
        byRule={editor.view?.report.byRule}
        total={editor.total}
        onFilter={changeFilter}
      />
      <nav
        ref={box}
        aria-label={t('label')}
        className="relative min-h-0 flex-1 overflow-y-auto"
        onKeyDown={move}
      >
        {rows.total === 0 ? (
          <Empty editor={editor} />
        ) : (
          <ol style={{ height }} className="relative">
            {items.map(({ index: place, top }) => {
              const row = rows.at(place)
              return (
                <li
                  key={place}
                  aria-setsize={rows.total}
                  aria-posinset={place + 1}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${top}px)` }}
                >
                  <RowItem
                    row={row}
                    place={place}
                    count={rows.total}
                    selected={place === index}
                    unsaved={row !== undefined && editor.unsaved(row.id)}
                    flag={row ? flagOf(editor, row) : null}
                    onSelect={onSelect}
                  />
                </li>
              )
            })}
          </ol>
        )}
      </nav>
      <Foot dataset={editor.view?.dataset} onAdd={add} />
    </>
  )
}
