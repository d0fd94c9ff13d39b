'use client'
import { type ReactNode, useId } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { about } from '#components/jobs/format-eta.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { cn } from '#components/ui/cn.ts'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Tick } from '#components/ui/tick.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { EvalEstimate, ExcludedRow } from '#lib/evals/schema.ts'
import type { Count } from './use-estimate.ts'

const strong = (words: ReactNode) => <b className="font-semibold tabular-nums">{words}</b>

interface SentenceProps extends Count {
  /** What is being planned. */
  of?: 'evaluation' | 'recording'
}

/** The whole plan in one sentence, before the request is sent. */
export function EstimateSentence({ estimate, stale, error, of = 'evaluation' }: SentenceProps) {
  const { dollars } = useFormat()
  const t = useTranslations('evals.form')
  const words = useTranslations(of === 'recording' ? 'recording' : 'evals.form')
  return (
    <Panel aria-label={t('summary')}>
      <PanelBody className="sm:px-5 sm:py-4">
        {error !== null && <Failure title={words('estimateFailed')} error={error} />}
        {error === null && (
          <p
            aria-live="polite"
            aria-busy={stale}
            className={cn(estimate ? 'text-sentence' : 'text-3', stale && estimate && 'text-3')}
          >
            {estimate
              ? words.rich('sentence', {
                  b: strong,
                  rows: estimate.rows,
                  models: estimate.columns.length,
                  answers: estimate.answers,
                  cached: estimate.cached,
                  price: estimate.cost === null ? 'unknown' : estimate.cost === 0 ? 'free' : 'known',
                  cost: dollars(estimate.cost),
                })
              : stale
                ? t('estimating')
                : words('estimateWaits')}
          </p>
        )}
      </PanelBody>
    </Panel>
  )
}

const sum = (part: (column: EvalEstimate['columns'][number]) => number, { columns }: EvalEstimate) =>
  columns.reduce((all, column) => all + part(column), 0)

function ByModel({ estimate, names }: { estimate: EvalEstimate; names: readonly string[] }) {
  const { compact, count, dollars } = useFormat()
  const t = useTranslations('evals.form')
  return (
    <div className="border-t">
      <Table caption={t('caption')} compact>
        <thead>
          <tr>
            <Th>{t('perModel')}</Th>
            <Th align="end">{t('ask')}</Th>
            <Th align="end">{t('tokens')}</Th>
            <Th align="end">{t('cost')}</Th>
          </tr>
        </thead>
        <tbody>
          {estimate.columns.map((column, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is identified by its index
            <Tr key={index}>
              <Td className="w-full max-w-0">
                <span title={column.model} className="block truncate">
                  <bdi>{names[index] ?? column.model}</bdi>
                </span>
              </Td>
              <Td align="end">{count(column.answers - column.cached)}</Td>
              <Td align="end">{compact(column.promptTokens + column.completionTokens)}</Td>
              <Td align="end">{dollars(column.cost)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function ByProvider({ estimate }: { estimate: EvalEstimate }) {
  const { dollars } = useFormat()
  const t = useTranslations('evals.form')
  const name = useProviderName()
  return (
    <Facts>
      {estimate.providers.map(({ providerId, cost, monthlyCap, left, overCap }) => (
        <Fact key={providerId} label={name(providerId)}>
          {cost === null ? t('unknown') : dollars(cost)}
          {(monthlyCap !== null || cost !== 0) && (
            <span className="block text-3 text-meta">
              {monthlyCap === null
                ? t('noCap')
                : t('leftOf', { left: dollars(Math.max(0, left ?? 0)), cap: dollars(monthlyCap) })}
            </span>
          )}
          {overCap && (
            <State tone="warn" quiet className="whitespace-normal!">
              {t('overCap')}
            </State>
          )}
        </Fact>
      ))}
    </Facts>
  )
}

/** Excluded rows, each with its reason. */
export function Excluded({ rows }: { rows: readonly ExcludedRow[] }) {
  const t = useTranslations('evals.form')
  return (
    <ul className="grid max-h-60 gap-1.5 overflow-y-auto">
      {rows.map(({ key, number, question, reason }) => (
        <li key={key} className="text-meta">
          <span className="text-2 tabular-nums">{t('row', { number })}</span>
          {question && <bdi className="ms-2 inline-block max-w-full truncate align-bottom">{question}</bdi>}
          <span className="block text-3">{t(`excludedWhy.${reason}`)}</span>
        </li>
      ))}
    </ul>
  )
}

/** The calculation behind the sentence. */
export function EstimateSums({ estimate, names }: { estimate: EvalEstimate; names: readonly string[] }) {
  const format = useFormat()
  const { compact, count } = format
  const t = useTranslations('evals.form')
  const heading = useId()
  const { answers, cached, excluded, seconds } = estimate
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('estimate')} />
      <Facts>
        <Fact label={t('ask')}>{count(answers - cached)}</Fact>
        <Fact label={t('known')}>
          {count(cached)}
          {cached > 0 && <span className="block text-3 text-meta">{t('knownHint')}</span>}
        </Fact>
        <Fact label={t('tokens')}>
          {t('tokensOf', {
            prompt: compact(sum(({ promptTokens }) => promptTokens, estimate)),
            completion: compact(sum(({ completionTokens }) => completionTokens, estimate)),
          })}
        </Fact>
        {seconds !== null && (
          <Fact label={t('time')}>
            {about(seconds, format)}
            <span className="block text-3 text-meta">{t('timeHint')}</span>
          </Fact>
        )}
      </Facts>
      <div className="border-t">
        <ByProvider estimate={estimate} />
      </div>
      <ByModel estimate={estimate} names={names} />
      {excluded.length > 0 && (
        <details className="border-t px-4 py-3">
          <summary className="rounded-xs">
            <State tone="warn" quiet>
              {t('excluded', { count: excluded.length })}
            </State>
          </summary>
          <div className="pt-2">
            <Excluded rows={excluded} />
          </div>
        </details>
      )}
    </Panel>
  )
}

interface AgreeProps {
  estimate: EvalEstimate
  agreed: boolean
  onAgree: (agreed: boolean) => void
}

/** Confirmation of a cost above the spending limit; it names the sum. */
export function Agree({ estimate, agreed, onAgree }: AgreeProps) {
  const { dollars } = useFormat()
  const t = useTranslations('evals.form')
  const name = useProviderName()
  const format = useFormatter()
  const sums = estimate.providers
    .filter(({ needsConfirmation }) => needsConfirmation)
    .map(({ providerId, cost }) =>
      cost === null
        ? t('agreeUnknown', { provider: name(providerId) })
        : t('agreeOne', { provider: name(providerId), sum: dollars(cost) }),
    )
  if (sums.length === 0) return null
  return (
    <div className="grid gap-0.5">
      <Tick checked={agreed} onCheckedChange={onAgree}>
        {t('agree', { sums: format.list(sums, { type: 'conjunction' }) })}
      </Tick>
      <p className="ms-6 text-3 text-meta">{t('agreeWhy')}</p>
    </div>
  )
}
