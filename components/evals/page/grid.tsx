'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Table, Th } from '#components/ui/table.tsx'
import { ROW_FILTERS, ROW_SORTS } from '#lib/evals/constants.ts'
import type { EvalPage, EvalRow } from '#lib/evals/schema.ts'
import { type Change, PAGE, type View } from './address.ts'
import { BESIDE, GridRow } from './grid-row.tsx'
import { sidesOf } from './row-words.ts'

/** Indexes of the columns that fit into the grid. */
function shownOf({ columns }: EvalPage, view: View): number[] {
  const all = columns.map(({ index }) => index)
  if (view.row === null || all.length <= BESIDE) return all
  const sides = sidesOf(view, all.length)
  return all.filter((index) => sides.includes(index))
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
  /** The rows belong to the previous view; the new ones are loading. */
  stale: boolean
  onChoose: (row: EvalRow) => void
}

/** Every row with a verdict for each model. */
export function Grid({ page, view, change, names, stale, onChoose }: GridProps) {
  const t = useTranslations('evals.page')
  const isScored = page.graders.length > 0
  const compares = isScored && page.columns.length > 1
  const shown = shownOf(page, view)
  return (
    <Panel aria-label={t('rows')}>
      <PanelHead title={t('rows')}>{isScored && <Tools view={view} change={change} />}</PanelHead>
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
                <GridRow
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
