'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Panel } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { EvalSummary } from '#lib/evals/schema.ts'
import { EvalState } from './eval-state.tsx'
import { useSummaryName } from './names.ts'
import { SplitChip } from './split-chip.tsx'

/** Maximum number of columns on a line; with more, the first and the best of the others. */
const SHOWN = 3

type Column = EvalSummary['columns'][number]

/** The column with the highest share; the first of equals. */
const bestOf = (columns: readonly Column[]): Column | undefined =>
  columns.reduce<Column | undefined>(
    (best, one) => ((one.share ?? -1) > (best?.share ?? -1) ? one : best),
    undefined,
  )

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
  const { id, datasetName, version, split, rows, done, cells, state, createdAt } = one
  const name = version ? `${datasetName} ${t('version', { number: version.number })}` : datasetName
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
          <SplitChip split={split} />
        </span>
        <span className="block truncate text-3 text-meta">
          {t('rows', { count: rows })}
          {one.sweep && `, ${t('sweep')}`}
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

export function EvalTable({ evals }: { evals: EvalSummary[] | undefined }) {
  const t = useTranslations('evals')
  return (
    <Panel>
      <Table caption={t('caption')}>
        <thead>
          <tr>
            <Th>{t('columns.data')}</Th>
            <Th className="hidden sm:table-cell">{t('columns.models')}</Th>
            <Th align="end" className="hidden sm:table-cell">
              {t('columns.progress')}
            </Th>
            <Th>{t('columns.state')}</Th>
            <Th align="end" className="hidden lg:table-cell">
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
