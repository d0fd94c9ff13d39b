'use client'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { cn } from '#components/ui/cn.ts'
import type { DotKind } from '#components/ui/dot.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { fixed } from '#components/ui/format.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { type EvalPage, type EvalRow, ROW_FILTERS, ROW_SORTS, type RowVerdict } from '#lib/evals/schema.ts'
import { type Change, PAGE, type View } from './address.ts'
import { CellState } from './cell-state.tsx'
import { questionOf, sidesOf } from './row-words.ts'

const LOOKS: Record<NonNullable<RowVerdict>, { tone: Tone; kind: DotKind }> = {
  worse: { tone: 'bad', kind: 'full' },
  better: { tone: 'ok', kind: 'full' },
  same: { tone: 'mute', kind: 'ring' },
}

/** What a cell has room for. */
const firstLine = (text: string): string => text.trimStart().slice(0, 200).split('\n', 1)[0] ?? ''

const signed = (change: number): string =>
  change === 0 ? '' : `${change > 0 ? '+' : '−'}${fixed(Math.abs(change))}`

/** Graders that only pass or fail change by whole steps, which the words say already. */
const isGraded = ({ cells }: EvalRow): boolean =>
  cells.some(({ grades }) => grades?.some(({ score }) => score !== null && !Number.isInteger(score)))

/** The last model beside the first one. */
export function Verdict({ row }: { row: EvalRow }) {
  const { verdict, change } = row
  const t = useTranslations('evals.page.verdict')
  if (verdict === null) return <span className="text-3">–</span>
  return (
    <State {...LOOKS[verdict]} quiet>
      {t(verdict)}
      {change !== null && change !== 0 && isGraded(row) && (
        <bdi dir="ltr" className="ms-1.5 text-3 tabular-nums">
          {signed(change)}
        </bdi>
      )}
    </State>
  )
}

/** Columns that stand beside an open row; of more, only the two that it shows. */
const BESIDE = 3

/** Places of the columns that the grid has room for. */
function shownOf({ columns }: EvalPage, view: View): number[] {
  const all = columns.map(({ index }) => index)
  if (view.row === null || all.length <= BESIDE) return all
  const sides = sidesOf(view, all.length)
  return all.filter((index) => sides.includes(index))
}

interface RowProps {
  row: EvalRow
  shown: readonly number[]
  chosen: boolean
  compares: boolean
  onChoose: () => void
}

/** Keeps the chosen row in sight while a key goes from one to the next. */
function useInSight(chosen: boolean) {
  const line = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return line
}

function Row({ row, shown, chosen, compares, onChoose }: RowProps) {
  const t = useTranslations('evals.page')
  const line = useInSight(chosen)
  const question = questionOf(row)
  return (
    <Tr ref={line} selected={chosen} className="scroll-my-24">
      <Td align="end" quiet className="w-px">
        {row.number}
      </Td>
      <Td className="w-full min-w-48 max-w-0">
        <span className="flex items-center gap-2">
          <button
            type="button"
            aria-pressed={chosen}
            aria-label={t('chooseRow', { number: row.number, question: question.slice(0, 120) })}
            onClick={onChoose}
            className="min-w-0 truncate rounded-xs text-start font-medium hover:underline"
          >
            <bdi>{question || '–'}</bdi>
          </button>
          {row.fix && (
            <Chip tone="accent" dot="full">
              {t('fixedMark')}
            </Chip>
          )}
        </span>
      </Td>
      {compares && (
        <Td>
          <Verdict row={row} />
        </Td>
      )}
      {shown.map((column) => {
        const cell = row.cells[column]
        return (
          <Td key={column} className={cn('min-w-36', shown.length > BESIDE ? 'max-w-44' : 'max-w-64')}>
            {cell && <CellState cell={cell} quiet />}
            {cell?.text && <bdi className="block truncate text-3 text-meta">{firstLine(cell.text)}</bdi>}
          </Td>
        )
      })}
    </Tr>
  )
}

interface FootProps {
  page: EvalPage
  view: View
  change: Change
}

function Foot({ page, view, change }: FootProps) {
  const t = useTranslations('evals.page')
  const pages = Math.max(1, Math.ceil(page.total / PAGE))
  const go = (to: number) => change({ page: to, row: null })
  return (
    <footer className="flex flex-wrap items-center gap-3 border-t px-4 py-2 text-3 text-meta">
      <span className="tabular-nums">
        {t('range', { first: page.offset + 1, last: page.offset + page.rows.length, total: page.total })}
      </span>
      {pages > 1 && (
        <nav aria-label={t('pages')} className="flex gap-2">
          <Button size="sm" disabled={view.page <= 1} onClick={() => go(view.page - 1)}>
            {t('previous')}
          </Button>
          <Button size="sm" disabled={view.page >= pages} onClick={() => go(view.page + 1)}>
            {t('next')}
          </Button>
        </nav>
      )}
    </footer>
  )
}

function Tools({ view, change }: Omit<FootProps, 'page'>) {
  const t = useTranslations('evals.page')
  return (
    <>
      <Segmented
        label={t('filter')}
        value={view.filter}
        onValueChange={(filter) => change({ filter, page: 1, row: null })}
        options={ROW_FILTERS.map((value) => ({ value, label: t(`filterBy.${value}`) }))}
      />
      <Segmented
        label={t('sort')}
        value={view.sort}
        onValueChange={(sort) => change({ sort, page: 1, row: null })}
        options={ROW_SORTS.map((value) => ({ value, label: t(`sortBy.${value}`) }))}
      />
    </>
  )
}

interface GridProps extends FootProps {
  names: readonly string[]
  /** These are the rows of another choice, until those of this one are here. */
  stale: boolean
  onChoose: (row: EvalRow) => void
}

/** Every row with a verdict for each model. */
export function Grid({ page, view, change, names, stale, onChoose }: GridProps) {
  const t = useTranslations('evals.page')
  const compares = page.columns.length > 1
  const shown = shownOf(page, view)
  return (
    <Panel aria-label={t('rows')}>
      <PanelHead title={t('rows')}>
        <Tools view={view} change={change} />
      </PanelHead>
      {page.rows.length === 0 ? (
        <EmptyState
          actions={
            view.filter !== 'all' && (
              <Button onClick={() => change({ filter: 'all', page: 1 })}>{t('showAll')}</Button>
            )
          }
        >
          {t('empty')}
        </EmptyState>
      ) : (
        <>
          <Table caption={t('rowsCaption')} compact stale={stale}>
            <thead>
              <tr>
                <Th align="end">{t('row')}</Th>
                <Th>{t('question')}</Th>
                {compares && <Th>{t('change')}</Th>}
                {shown.map((index) => (
                  <Th key={index} title={page.columns[index]?.model}>
                    <bdi>{names[index]}</bdi>
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row) => (
                <Row
                  key={row.key}
                  row={row}
                  shown={shown}
                  chosen={row.key === view.row}
                  compares={compares}
                  onChoose={() => onChoose(row)}
                />
              ))}
            </tbody>
          </Table>
          <Foot page={page} view={view} change={change} />
        </>
      )}
    </Panel>
  )
}
