'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Availability, Needs, TradeOff } from '#lib/datasets/estimate-schema.ts'
import { estimateQuery } from '#lib/datasets/queries.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { Plan } from './form-plan.ts'
import { trainerOf, useTrainers } from './form-trainer.tsx'
import { about } from './format-eta.ts'
import { useMeasurement } from './use-measurement.ts'

/** Estimate for the draft: duration, and cost with fewer or more epochs. */
export interface DraftEstimate {
  /** null if only the provider could estimate it. */
  seconds: number | null
  /** Whether the estimate is based on jobs measured on this computer. */
  measured: boolean
  tradeOff: readonly TradeOff[]
  /** Until when the provider accepts such jobs; null if unknown. */
  available: Availability | null
  /** Of this computer; null at another provider. */
  needs: Needs | null
}

interface Row extends Pick<TradeOff, 'epochs' | 'billedTokens' | 'seconds'> {
  /** Micro-dollars. */
  cost: number | null
}

/** What an estimate depends on besides rows and model: only what is not automatic is asked for. */
function useTuning(draft: JobDraft) {
  const trainer = trainerOf(draft, useTrainers(draft))
  const { launcher, method, maxLength } = draft.tuning ?? {}
  return {
    trainer: trainer ?? undefined,
    launcher: launcher ?? undefined,
    method: (trainer && method) ?? undefined,
    maxLength: maxLength ?? undefined,
  }
}

export function useEstimate(draft: JobDraft, plan: Plan | null): DraftEstimate {
  const tuning = useTuning(draft)
  const { data } = useQuery({
    ...estimateQuery(draft.training.datasetId, {
      epochs: plan?.resolved.nEpochs.value,
      providerId: draft.providerId,
      model: draft.model,
      validation: plan?.validation?.tokens ?? 0,
      version: draft.version ?? undefined,
      ...tuning,
    }),
    enabled: plan !== null && draft.model !== '',
    placeholderData: keepPreviousData,
  })
  // Only the built-in trainer measures a step by itself.
  useMeasurement(draft, tuning.trainer === 'trl' ? undefined : data)
  const place = data?.destinations.find(
    ({ providerId, model }) => providerId === draft.providerId && model === draft.model,
  )
  return {
    seconds: place?.seconds ?? null,
    measured: place?.measured ?? false,
    tradeOff: data?.tradeOff ?? [],
    available: place?.available ?? null,
    needs: place?.needs ?? null,
  }
}

/** The draft itself is always one of the rows, whatever its number of epochs. */
function rowsOf(plan: Plan, { tradeOff, seconds }: DraftEstimate): Row[] {
  const epochs = plan.resolved.nEpochs.value
  const others = tradeOff.filter((row) => row.rows === plan.rows && row.epochs !== epochs)
  const own = { epochs, billedTokens: plan.billed, cost: plan.cost, seconds }
  return [own, ...others.map((row) => ({ ...row, cost: row.price?.microDollars ?? null }))].toSorted(
    (a, b) => a.epochs - b.epochs,
  )
}

/** Compares fewer and more epochs on the same rows. */
export function FormTradeOff({ plan, estimate }: { plan: Plan; estimate: DraftEstimate }) {
  const format = useFormat()
  const { count, dollars } = format
  const t = useTranslations('launch.tradeOff')
  const heading = useId()
  const rows = rowsOf(plan, estimate)
  const perEpoch = plan.steps / plan.resolved.nEpochs.value
  if (rows.length < 2) return null
  return (
    <Panel aria-labelledby={heading}>
      <PanelHead id={heading} title={t('title')} meta={estimate.measured ? t('measured') : undefined} />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        aria-label={t('caption')}
        className="-outline-offset-2! overflow-x-auto"
      >
        <Table caption={t('title')} compact className="overflow-visible!">
          <thead>
            <tr>
              <Th align="end">{t('epochs')}</Th>
              <Th align="end">{t('steps')}</Th>
              <Th align="end">{t('billed')}</Th>
              <Th align="end">{t('price')}</Th>
              <Th align="end">{t('time')}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Tr key={row.epochs} selected={row.epochs === plan.resolved.nEpochs.value}>
                <Td align="end">{count(row.epochs)}</Td>
                <Td align="end">{count(row.epochs * perEpoch)}</Td>
                <Td align="end">{count(row.billedTokens)}</Td>
                <Td align="end">{dollars(row.cost)}</Td>
                <Td align="end">{row.seconds === null ? '–' : about(row.seconds, format)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </section>
    </Panel>
  )
}
