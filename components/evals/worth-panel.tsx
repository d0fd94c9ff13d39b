'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { count, dollars, duration, fixed } from '#components/ui/format.ts'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { type WorthChoice, worthQuery } from '#lib/evals/queries.ts'
import type { BreakEven, LanePrices, Worth, WorthLane } from '#lib/evals/schema.ts'
import { Share } from './page/score-table.tsx'

/** Micro-dollars of a single call: most come to less than a hundredth of a cent. */
const perCall = (microDollars: number | null): string =>
  microDollars === null ? '–' : `$${(microDollars / 1e6).toFixed(6)}`

const tokens = (value: number | undefined): string => (value === undefined ? '–' : fixed(value, 0))

function Lane({ lane }: { lane: WorthLane }) {
  const t = useTranslations('worth')
  const { kind, fewShot, scaled, score, tokens: used } = lane
  return (
    <Tr>
      <Td className="py-1.5">
        <span className="flex items-center gap-2">
          <span className="font-medium">{t(`lane.${kind}`, { count: fewShot })}</span>
          {scaled && <Chip>{t('scaled')}</Chip>}
        </span>
      </Td>
      <Td className="py-1.5">
        {score ? <Share score={score} /> : <span className="text-3">{t('notMeasured')}</span>}
      </Td>
      <Td align="end">{tokens(used?.prompt)}</Td>
      <Td align="end">{tokens(used?.cached)}</Td>
      <Td align="end">{tokens(used?.completion)}</Td>
      <Td align="end">{perCall(lane.costPerCall)}</Td>
      <Td align="end">{dollars(lane.costPerDay)}</Td>
      <Td align="end">{duration(lane.medianMs)}</Td>
    </Tr>
  )
}

function Lanes({ lanes }: { lanes: readonly WorthLane[] }) {
  const t = useTranslations('worth')
  return (
    <Table caption={t('caption')}>
      <thead>
        <tr>
          <Th>{t('way')}</Th>
          <Th>{t('quality')}</Th>
          <Th align="end">{t('prompt')}</Th>
          <Th align="end">{t('cached')}</Th>
          <Th align="end">{t('answer')}</Th>
          <Th align="end">{t('perCall')}</Th>
          <Th align="end">{t('perDay')}</Th>
          <Th align="end">{t('median')}</Th>
        </tr>
      </thead>
      <tbody>
        {lanes.map((lane) => (
          <Lane key={lane.kind} lane={lane} />
        ))}
      </tbody>
    </Table>
  )
}

interface VerdictProps {
  worth: Worth
  against: 'base' | 'fewShot'
  even: BreakEven | null
}

/** The sum that decides, with every number that went into it. */
function Verdict({ worth, against, even }: VerdictProps) {
  const t = useTranslations('worth')
  if (!even) return null
  const { verdict, saving, calls, days } = even
  return (
    <p className="tabular-nums">
      <b className="font-semibold">{t(`against.${against}`, { count: worth.k })}</b>{' '}
      {t(`verdict.${verdict}`, {
        training: dollars(worth.training),
        saving: perCall(saving === null ? null : Math.abs(saving)),
        calls: count(calls),
        days: days === null ? '–' : fixed(days, days < 10 ? 1 : 0),
      })}
    </p>
  )
}

const PARTS = ['input', 'cachedInput', 'output'] as const
type Part = (typeof PARTS)[number]

interface PricesProps {
  side: 'base' | 'tuned'
  lane: WorthLane | undefined
  own: LanePrices
  onOwn: (own: LanePrices) => void
}

/** Prices to reckon with, in dollars per million tokens; the known ones until somebody writes others. */
function Prices({ side, lane, own, onOwn }: PricesProps) {
  const t = useTranslations('worth')
  const known = own[side] ?? lane?.price ?? { input: 0, cachedInput: null, output: 0 }
  const set = (part: Part, value: number | null) => {
    const micro = value === null ? null : Math.round(value * 1e6)
    const next = { ...known, [part]: part === 'cachedInput' ? micro : (micro ?? 0) }
    onOwn({ ...own, [side]: next })
  }
  return (
    <fieldset className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <legend className="mb-1 font-medium text-meta">{t(`prices.${side}`)}</legend>
      {PARTS.map((part) => {
        const value = known[part]
        const name = t(`prices.${part}`)
        return (
          <span key={part} className="flex items-center gap-2 text-meta">
            <span aria-hidden="true" className="text-3">
              {name}
            </span>
            <NumberField
              size="sm"
              className="w-20"
              min={0}
              fractionDigits={4}
              aria-label={`${t(`prices.${side}`)}: ${name}`}
              placeholder="–"
              value={value == null ? null : value / 1e6}
              onValueChange={(next) => set(part, next)}
            />
          </span>
        )
      })}
    </fieldset>
  )
}

const EXAMPLES = 3
const CALLS = 1_000

/** Whether fine-tuning pays: the same questions three ways, by the tokens that were counted in the answers. */
export function WorthPanel({ evalId }: { evalId: string }) {
  const t = useTranslations('worth')
  const [choice, setChoice] = useState<WorthChoice>({ k: EXAMPLES, callsPerDay: CALLS })
  const asked = useDeferredValue(choice)
  const {
    data: worth,
    error,
    refetch,
  } = useQuery({
    ...worthQuery(evalId, asked),
    placeholderData: keepPreviousData,
  })
  if (error && !worth) return <Failure error={error} onRetry={() => refetch()} />
  if (!worth?.lanes.some(({ kind }) => kind === 'tuned')) return null
  const laneOf = (kind: WorthLane['kind']) => worth.lanes.find((lane) => lane.kind === kind)
  const own = choice.prices ?? {}
  const reckon = (prices: LanePrices) => setChoice((before) => ({ ...before, prices }))
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')}>
        <span className="flex items-center gap-2 text-3 text-meta">
          <span aria-hidden="true">{t('k')}</span>
          <NumberField
            size="sm"
            stepper
            className="w-24"
            min={0}
            max={64}
            fractionDigits={0}
            aria-label={t('k')}
            value={choice.k}
            onValueChange={(k) => setChoice((before) => ({ ...before, k: k ?? 0 }))}
          />
          <span aria-hidden="true">{t('calls')}</span>
          <NumberField
            size="sm"
            className="w-24"
            min={0}
            fractionDigits={0}
            aria-label={t('calls')}
            value={choice.callsPerDay}
            onValueChange={(calls) => setChoice((before) => ({ ...before, callsPerDay: calls ?? 0 }))}
          />
        </span>
      </PanelHead>
      <Lanes lanes={worth.lanes} />
      <div role="status" className="grid gap-1 border-t px-4 py-3">
        <Verdict worth={worth} against="base" even={worth.againstBase} />
        <Verdict worth={worth} against="fewShot" even={worth.againstFewShot} />
      </div>
      <div className="flex flex-wrap items-end gap-x-8 gap-y-3 border-t px-4 py-3">
        <Prices side="base" lane={laneOf('base') ?? laneOf('fewShot')} own={own} onOwn={reckon} />
        <Prices side="tuned" lane={laneOf('tuned')} own={own} onOwn={reckon} />
        <p className="text-3 text-meta">
          {t('prices.note')} <TextLink href="/providers">{t('prices.book')}</TextLink>
        </p>
      </div>
    </Panel>
  )
}
