'use client'
import { type KeyboardEvent, memo, startTransition, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import type { DatasetRow, RowFilter } from '#lib/datasets/schema.ts'
import type { Severity } from '#lib/training-data/issue.ts'
import { ChosenBar, type ChosenBarProps } from './chosen-bar.tsx'
import { ListFoot } from './list-foot.tsx'
import { NEW_ROW } from './new-row.ts'
import { RowItem } from './row-item.tsx'
import { RowSearch } from './row-search.tsx'
import { SystemPrompt } from './system-prompt.tsx'
import type { Choice } from './use-chosen.ts'
import { useLongList } from './use-long-list.ts'
import type { InView, Rows } from './use-rows.ts'

// Memoized: a keystroke elsewhere must not render unchanged rows and fields again.
const Search = memo(RowSearch)
const Foot = memo(ListFoot)

/** Rows to scroll before the visible range is reported again. */
const STEP = 10
const inSteps = (place: number): number => place - (place % STEP)

interface RowListProps extends ChosenBarProps {
  rows: Rows
  /** Stored rows that match the filter. */
  total: number
  /** Index of the open row, from 0. */
  index: number
  filter: RowFilter
  /** The worst severity of each line with an issue. */
  flags: ReadonlyMap<number, Severity>
  onOpen: (place: number) => void
  onSelect: (place: number, id: string, how: Choice) => void
  /** Asks for another system prompt of all rows. */
  onSystem: () => void
  onFilter: (filter: RowFilter) => void
  onLook: (inView: InView) => void
  onAdd: () => void
}

/** If there are very many issues, the report lists only the first of them; the open row has its live result. */
const flagOf = (
  { flags, unsaved }: Pick<RowListProps, 'flags' | 'unsaved'>,
  { id, number, flag }: DatasetRow,
): Severity | null => (id === NEW_ROW ? null : (flags.get(number) ?? (unsaved.has(id) ? null : flag)))

/** The index that an arrow key moves to; undefined for other keys. */
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

interface ChoiceByKey {
  chosen: RowListProps['chosen']
  index: number
  id: string | undefined
}

/** @returns whether the key selects rows: all of them, the open one, or none */
function chooseBy(event: KeyboardEvent, { chosen, index, id }: ChoiceByKey): boolean {
  const isMod = event.ctrlKey || event.metaKey
  if (isMod && event.key.toLowerCase() === 'a') void chosen.all()
  else if (isMod && event.key === ' ' && id !== undefined) chosen.toggle(index, id)
  else if (event.key === 'Escape' && chosen.chosen.size > 0) chosen.clear()
  else return false
  return true
}

function Empty({ rows, filter, onFilter }: Pick<RowListProps, 'rows' | 'filter' | 'onFilter'>) {
  const t = useTranslations('datasets')
  if (rows.error) {
    return (
      <div className="p-4">
        <Failure error={rows.error} onRetry={rows.retry} />
      </div>
    )
  }
  if (rows.loading || Object.keys(filter).length === 0) return null
  return (
    <div className="grid justify-items-start gap-3 px-4 py-5 text-2">
      <p>{t('filter.none')}</p>
      <Button size="sm" onClick={() => onFilter({})}>
        {t('filter.clear')}
      </Button>
    </div>
  )
}

/** The rows that match the filter. One row is in the tab order (roving tabindex); arrow keys move from there. */
export const RowList = memo(function RowList(props: RowListProps) {
  const { view, rows, total, index, filter, unsaved, onOpen, onSelect, onFilter, onLook, onAdd } = props
  const { chosen, onSystem } = props
  const t = useTranslations('datasets.rows')
  const box = useRef<HTMLElement>(null)
  const { height, items, show } = useLongList(rows.total, box)
  const [first, last] = [inSteps(items[0]?.index ?? 0), inSteps(items.at(-1)?.index ?? 0)]
  // A transition: loading pages must not delay scrolling.
  useEffect(() => startTransition(() => onLook({ first, last })), [onLook, first, last])
  // Shortcuts and issue links may open a row that is out of view: scroll to it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another row is opened
  useEffect(() => show(index), [index, rows.total])
  const move = (event: KeyboardEvent) => {
    if (chooseBy(event, { chosen, index, id: rows.at(index)?.id })) return event.preventDefault()
    const target = targetOf(event.key, index, rows.total)
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    if (event.shiftKey) void chosen.extend(target)
    onOpen(target)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-current]')?.focus())
  }
  return (
    <>
      {view.report.lines > 0 && <SystemPrompt report={view.report} onChange={onSystem} />}
      <Search
        filter={filter}
        byRule={view.report.byRule}
        tags={view.report.tags}
        total={total}
        onFilter={onFilter}
      />
      <ChosenBar view={view} chosen={chosen} unsaved={unsaved} onReplace={props.onReplace} />
      <nav
        ref={box}
        aria-label={t('label')}
        className="relative min-h-0 flex-1 overflow-y-auto"
        onKeyDown={move}
      >
        {rows.total === 0 ? (
          <Empty rows={rows} filter={filter} onFilter={onFilter} />
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
                    chosen={row !== undefined && chosen.chosen.has(row.id)}
                    unsaved={row !== undefined && unsaved.has(row.id)}
                    flag={row ? flagOf(props, row) : null}
                    onSelect={onSelect}
                  />
                </li>
              )
            })}
          </ol>
        )}
      </nav>
      <Foot dataset={view.dataset} onAdd={onAdd} />
    </>
  )
})
