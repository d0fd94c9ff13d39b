'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table } from '#components/ui/table.tsx'
import { useSettled } from '#components/ui/use-settled.ts'
import { worthQuery } from '#lib/evals/queries.ts'
import { Lanes } from './cost-comparison.tsx'
import { lanePricesOf, type OwnPrices, PricesOfLanes } from './cost-prices.tsx'
import { Verdict } from './cost-verdict.tsx'

interface Assumed {
  k: number
  callsPerDay: number
  own: OwnPrices
}

const FIRST: Assumed = { k: 3, callsPerDay: 1_000, own: {} }
const MOST_EXAMPLES = 16

/** Result of the current assumptions; the previous result stays while the new one loads. */
function useWorth(evalId: string, { k, callsPerDay, own }: Assumed) {
  const choice = useMemo(
    () => ({ k, callsPerDay, training: own.training, prices: lanePricesOf(own) }),
    [k, callsPerDay, own],
  )
  const settled = useSettled(choice)
  const { data, error, isPlaceholderData, refetch, isFetching } = useQuery({
    ...worthQuery(evalId, settled),
    placeholderData: keepPreviousData,
  })
  return { data, error, refetch, isFetching, stale: isPlaceholderData || settled !== choice }
}

const Setting = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <span className="flex w-full items-center justify-between gap-2 text-meta tabular-nums sm:w-auto">
    <span className="text-3">{name}</span>
    <span className="flex items-center gap-2">{children}</span>
  </span>
)

interface AssumptionsProps {
  value: Assumed
  onChange: (part: Partial<Assumed>) => void
}

function Assumptions({ value: { k, callsPerDay }, onChange }: AssumptionsProps) {
  const t = useTranslations('worth')
  const examples = useId()
  return (
    <>
      <Setting name={<label htmlFor={examples}>{t('k')}</label>}>
        <input
          id={examples}
          type="range"
          min={0}
          max={MOST_EXAMPLES}
          value={k}
          onChange={(event) => onChange({ k: event.target.valueAsNumber })}
          className="h-8 w-32 accent-(--accent) sm:h-7"
        />
        <output htmlFor={examples} className="w-5 text-1">
          {k}
        </output>
      </Setting>
      <Setting name={<span aria-hidden="true">{t('calls')}</span>}>
        <NumberField
          size="sm"
          className="w-24"
          min={0}
          max={1e9}
          fractionDigits={0}
          aria-label={t('calls')}
          value={callsPerDay}
          onValueChange={(calls) => onChange({ callsPerDay: calls ?? 0 })}
        />
      </Setting>
    </>
  )
}

const COLUMNS = 8

/** Placeholder with the height of the lanes. */
function Waiting() {
  const t = useTranslations('worth')
  return (
    <Table caption={t('caption')} className="h-44">
      <tbody>
        <SkeletonRows rows={3} columns={COLUMNS} />
      </tbody>
    </Table>
  )
}

/** Whether fine-tuning pays off: the same questions answered three ways, from the tokens counted in the answers. */
export function CostPanel({ evalId }: { evalId: string }) {
  const t = useTranslations('worth')
  const [assumed, setAssumed] = useState(FIRST)
  const change = (part: Partial<Assumed>) => setAssumed((before) => ({ ...before, ...part }))
  const { data: worth, error, stale, refetch, isFetching } = useWorth(evalId, assumed)
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')}>
        <Assumptions value={assumed} onChange={change} />
      </PanelHead>
      {worth ? <Lanes worth={worth} stale={stale} /> : !error && <Waiting />}
      {error && (
        <PanelBody>
          <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
        </PanelBody>
      )}
      {worth && (
        <>
          <PanelBody className={cn('border-t', stale && 'opacity-60')}>
            <Verdict worth={worth} />
          </PanelBody>
          <PanelBody className="border-t">
            <PricesOfLanes worth={worth} own={assumed.own} onOwn={(own) => change({ own })} />
          </PanelBody>
        </>
      )}
    </Panel>
  )
}
