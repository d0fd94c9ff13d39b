'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { sortedBy, Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { RECORDING } from '#lib/evals/constants.ts'
import type { EvalSummary } from '#lib/evals/schema.ts'
import { EvalState } from './eval-state.tsx'
import { bestOf, type ListView, type Sort } from './list-view.ts'
import { useEvalTitle, useSummaryName } from './names.ts'
import { SplitChip } from './split-chip.tsx'

/** Maximum number of columns on a line; with more, the first and the best of the others. */
const SHOWN = 3

type Column = EvalSummary['columns'][number]

function Score({ column }: { column: Column }) {
  const { percent } = useFormat()
  const t = useTranslations('evals')
  const nameOf = useSummaryName()
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <bdi className="max-w-40 truncate text-2" title={column.model}>
        {nameOf(column)}
      </bdi>
      {column.n === 0 ? (
        <span className="text-3 text-meta">{t('noScore')}</span>
      ) : (
        <span>
          <b className="font-medium">{percent(column.share)}</b>{' '}
          <span className="text-3 text-meta">{t('of', { count: column.n })}</span>
        </span>
      )}
    </span>
  )
}

function Scores({ columns }: Pick<EvalSummary, 'columns'>) {
  const t = useTranslations('evals')
  const many = columns.length > SHOWN
  const shown = many ? [columns[0], bestOf(columns.slice(1)) ?? columns.at(-1)] : columns
  return (
    <span className="flex flex-wrap items-baseline gap-x-5 gap-y-0.5 py-1.5">
      {shown.map(
        (column, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is identified by its index
          column && <Score key={index} column={column} />,
      )}
      {many && <span className="text-3 text-meta">{t('bestOf', { count: columns.length - 1 })}</span>}
    </span>
  )
}

function Row({ one }: { one: EvalSummary }) {
  const { count } = useFormat()
  const t = useTranslations('evals')
  const { id, datasetId, split, rows, done, cells, state, createdAt } = one
  const name = useEvalTitle()(one)
  return (
    <Tr className="relative">
      <Td className="max-w-0 py-1.5 max-sm:w-full sm:max-w-72">
        <span className="flex min-w-0 items-center gap-2">
          <Link
            href={`/evals/${id}`}
            className="min-w-0 truncate rounded-xs font-medium after:absolute after:inset-0 hover:text-accent"
          >
            <bdi>{name}</bdi>
          </Link>
          {datasetId !== RECORDING && <SplitChip split={split} />}
        </span>
        <span className="block truncate text-3 text-meta">
          {t('rows', { count: rows })}
          {one.sweep && t('sweep')}
        </span>
        <span className="block whitespace-normal sm:hidden">
          <Scores columns={one.columns} />
        </span>
      </Td>
      <Td className="hidden whitespace-normal sm:table-cell">
        <Scores columns={one.columns} />
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        {state === 'done' ? (
          count(cells)
        ) : (
          <span className="inline-grid w-28 gap-1">
            {t('ofCells', { done, cells })}
            <ProgressBar
              value={done}
              max={Math.max(cells, 1)}
              tone={state === 'running' ? 'busy' : 'mute'}
              label={t('progressOf', { name })}
            />
          </span>
        )}
      </Td>
      <Td>
        <EvalState state={state} quiet />
      </Td>
      <Td quiet align="end" className="hidden lg:table-cell">
        <Time at={createdAt} />
      </Td>
    </Tr>
  )
}

interface EvalTableProps {
  /** undefined while they load. */
  evals: readonly EvalSummary[] | undefined
  view: Pick<ListView, 'sort' | 'order'>
  onSort: (sort: Sort) => void
}

export function EvalTable({ evals, view, onSort }: EvalTableProps) {
  const t = useTranslations('evals')
  const sorting = sortedBy(view, onSort)
  return (
    <Panel>
      <Table caption={t('caption')}>
        <thead>
          <tr>
            <Th {...sorting('data')}>{t('columns.data')}</Th>
            <Th className="hidden sm:table-cell" {...sorting('score')}>
              {t('columns.models')}
            </Th>
            <Th align="end" className="hidden sm:table-cell">
              {t('columns.progress')}
            </Th>
            <Th>{t('columns.state')}</Th>
            <Th align="end" className="hidden lg:table-cell" {...sorting('when')}>
              {t('columns.when')}
            </Th>
          </tr>
        </thead>
        <tbody>
          {evals ? evals.map((one) => <Row key={one.id} one={one} />) : <SkeletonRows columns={5} />}
        </tbody>
      </Table>
    </Panel>
  )
}
