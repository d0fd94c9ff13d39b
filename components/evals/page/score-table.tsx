'use client'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { Dot } from '#components/ui/dot.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { ColumnScore, Difference, EvalPage, Score } from '#lib/evals/schema.ts'
import { SIGNIFICANT } from '#lib/evals/significance.ts'
import { useGraderName } from './grade-words.ts'

/** Passed and total, the share and its interval: always shown together. */
export function Share({ score }: { score: Score }) {
  const { fixed, percent, points } = useFormat()
  const t = useTranslations('evals.page')
  const { passed, n, notGraded, share, interval, mean, meanInterval } = score
  if (n === 0)
    return (
      <span className="text-3 text-meta">
        {notGraded > 0 ? t('notGraded', { count: notGraded }) : t('notYet')}
      </span>
    )
  return (
    <bdi className="inline-grid">
      <span>
        <b className="font-semibold">{t('share', { passed, n })}</b>
        {' · '}
        {percent(share ?? 0)}{' '}
        <span className="text-3">
          ({t('interval', { low: points(interval.low), high: points(interval.high) })})
        </span>
      </span>
      {mean !== null && (
        <span className="text-3 text-meta">
          {meanInterval
            ? t('meanInterval', {
                mean: fixed(mean),
                low: fixed(meanInterval.low),
                high: fixed(meanInterval.high),
              })
            : t('mean', { mean: fixed(mean) })}
        </span>
      )}
      {notGraded > 0 && <span className="text-meta text-warn">{t('notGraded', { count: notGraded })}</span>}
    </bdi>
  )
}

/** A fine-tuned model or a checkpoint of a job. */
export const isTuned = ({ kind }: ColumnScore): boolean => kind === 'final' || kind === 'checkpoint'

/** The name of a column, with its model below it. */
function ColumnName({ column, name }: { column: ColumnScore; name: string }) {
  const square = isTuned(column)
  return (
    <span className="inline-flex min-w-0 max-w-full items-baseline gap-2">
      <Dot kind={column.kind === 'checkpoint' ? 'diamond' : 'square'} tone={square ? 'accent' : 'base'} />
      <span className="grid min-w-0">
        <bdi className="truncate font-medium">{name}</bdi>
        <bdi dir="ltr" title={column.model} className="truncate font-mono text-3 text-meta">
          {shortName(column.model)}
        </bdi>
      </span>
    </span>
  )
}

function Row({ column, name }: { column: ColumnScore; name: string }) {
  const { compact, dollars, duration } = useFormat()
  const t = useTranslations('evals.page')
  return (
    <Tr>
      <Td className="max-w-56 min-w-36 py-1.5">
        <ColumnName column={column} name={name} />
      </Td>
      {column.scores.length > 1 && (
        <Td className="py-1.5">
          <Share score={column.overall} />
        </Td>
      )}
      {column.scores.map((score, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a score is identified by its grader's index
        <Td key={index} className="py-1.5">
          <Share score={score} />
        </Td>
      ))}
      <Td align="end" title={t('latencyHint')}>
        {duration(column.medianFirstTokenMs)} / {duration(column.medianMs)}
      </Td>
      <Td align="end">{compact(column.promptTokens)}</Td>
      <Td align="end">{compact(column.completionTokens)}</Td>
      <Td align="end">{dollars(column.cost)}</Td>
    </Tr>
  )
}

/** How much better the last column is than its counterpart, and whether that may be chance. */
function DifferenceWords({ difference, names }: { difference: Difference; names: readonly string[] }) {
  const { fixed, pValue } = useFormat()
  const t = useTranslations('evals.page.difference')
  const { a, b, by, n, mean, p } = difference
  const which = by > 0 ? 'better' : by < 0 ? 'worse' : 'same'
  const size = Math.abs(by)
  const sides = { name: names[a] ?? '', rival: names[b] ?? '', n }
  return (
    <p className="border-t px-4 py-2.5 tabular-nums">
      <b className="font-semibold">
        {mean ? t(`${which}Mean`, { ...sides, by: fixed(size) }) : t(which, { ...sides, by: size })}
      </b>{' '}
      <span className="text-3 text-meta">
        {t(p < SIGNIFICANT ? 'significant' : 'notSignificant', { p: pValue(p) })}
      </span>
    </p>
  )
}

/** Scores of all models side by side, by grader. */
export function ScoreTable({ page, names }: { page: EvalPage; names: readonly string[] }) {
  const { count } = useFormat()
  const t = useTranslations('evals.page')
  const graderName = useGraderName()
  const isScored = page.graders.length > 0
  const title = t(isScored ? 'scores' : 'figures')
  return (
    <Panel aria-label={title}>
      <PanelHead
        title={title}
        terms={isScored ? ['score', 'grader'] : undefined}
        meta={isScored && t('scoresMeta')}
      />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        aria-label={t('scoresCaption')}
        className="-outline-offset-2! overflow-x-auto"
      >
        <Table caption={t('scoresCaption')} className="overflow-visible!">
          <thead>
            <tr>
              <Th>{t('model')}</Th>
              {page.graders.length > 1 && <Th title={t('allHint')}>{t('all')}</Th>}
              {page.graders.map((grader, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a grader is identified by its index
                <Th key={index}>{graderName(grader)}</Th>
              ))}
              <Th align="end" title={t('latencyHint')}>
                {t('latency')}
              </Th>
              <Th align="end">{t('promptTokens')}</Th>
              <Th align="end">{t('answerTokens')}</Th>
              <Th align="end">{t('cost')}</Th>
            </tr>
          </thead>
          <tbody>
            {page.columns.map((column) => (
              <Row key={column.index} column={column} name={names[column.index] ?? count(column.index)} />
            ))}
          </tbody>
        </Table>
      </section>
      {page.difference && <DifferenceWords difference={page.difference} names={names} />}
    </Panel>
  )
}
