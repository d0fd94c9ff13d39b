'use client'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { epochOf } from './scale.ts'
import { type ChartRun, lineNames, scoreAt, stepsIn, valueAt } from './series.ts'

const names = {
  trainLoss: 'train',
  validLoss: 'validation',
  fullValidLoss: 'fullValidation',
  accuracy: 'accuracyShort',
  validAccuracy: 'validAccuracy',
} as const

/** Rows that a browser lays out without a pause; the CSV has the rest. */
const MOST_ROWS = 2_000

function useColumns(runs: readonly ChartRun[]) {
  const t = useTranslations('charts')
  return useMemo(
    () =>
      runs.flatMap((run) =>
        lineNames
          .filter((name) => run.series[name].step.length > 0)
          .map((name) => ({
            key: `${run.id} ${name}`,
            line: run.series[name],
            label: runs.length > 1 ? `${run.symbol} ${t(names[name])}` : t(names[name]),
          })),
      ),
    [runs, t],
  )
}

/** The values of the lines as a table. */
export function PointsTable({ runs, label }: { runs: readonly ChartRun[]; label: string }) {
  const { count, fixed } = useFormat()
  const t = useTranslations('charts')
  const columns = useColumns(runs)
  const steps = useMemo(() => [...new Set(runs.flatMap(stepsIn))].sort((a, b) => a - b), [runs])
  const perEpoch = runs.length === 1 ? runs[0]?.stepsPerEpoch : null
  const scored = runs.filter(({ scores }) => scores)
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
      tabIndex={0}
      aria-label={t('table')}
      className="-outline-offset-2! max-h-[410px] overflow-y-auto rounded-b-lg"
    >
      <Table caption={t('tableCaption', { label })} compact className="overflow-visible!">
        <thead>
          <tr>
            <Th align="end">{t('step')}</Th>
            {perEpoch && <Th align="end">{t('epoch')}</Th>}
            {columns.map((column) => (
              <Th key={column.key} align="end">
                {column.label}
              </Th>
            ))}
            {scored.map(({ id, symbol }) => (
              <Th key={id} align="end">
                {runs.length > 1 ? `${symbol} ${t('scores')}` : t('scores')}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, MOST_ROWS).map((step) => (
            <Tr key={step}>
              <Td align="end">{count(step)}</Td>
              {perEpoch && <Td align="end">{epochOf(step, perEpoch)}</Td>}
              {columns.map(({ key, line }) => (
                <Td key={key} align="end">
                  {fixed(valueAt(line, step))}
                </Td>
              ))}
              {scored.map((run) => (
                <Td key={run.id} align="end">
                  {scoreAt(run, steps, step)?.said.join(', ') ?? '–'}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}
