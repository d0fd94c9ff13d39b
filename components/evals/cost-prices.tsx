import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { Worth } from '#lib/evals/cost-schema.ts'
import type { LanePrices } from '#lib/evals/schema.ts'
import {
  chatPrice,
  costOf,
  SHIPPED_CHAT_PRICES,
  SHIPPED_PRICES,
  trainingPrice,
} from '#lib/providers/prices.ts'
import { chatPricesQuery, pricesQuery } from '#lib/providers/queries.ts'
import type { ChatPrice, Price } from '#lib/providers/schema.ts'

const MICRO = 1_000_000
const PARTS = ['input', 'cachedInput', 'output'] as const

type Side = 'base' | 'tuned'

/** Prices that the user enters, in micro-dollars per million tokens; null where a field is empty. */
type Written = Record<(typeof PARTS)[number], number | null>
export interface OwnPrices extends Partial<Record<Side, Written>> {
  /** Cost of training, in micro-dollars. */
  training?: number
}

/** Ignores prices whose input or output field is empty. */
export function lanePricesOf({ training: _, ...sides }: OwnPrices): LanePrices | undefined {
  const whole = Object.entries(sides).flatMap(([side, { input, cachedInput, output }]) =>
    input === null || output === null ? [] : [[side, { input, cachedInput, output }]],
  )
  return whole.length === 0 ? undefined : Object.fromEntries(whole)
}

const NOTHING: Written = { input: null, cachedInput: null, output: null }

const writtenOf = (price: ChatPrice | null): Written =>
  price ? { input: price.input, cachedInput: price.cachedInput, output: price.output } : NOTHING

interface SourceProps {
  price: ChatPrice | null
  written: boolean
  onForget: () => void
}

/** Date and source of a price; always one line high. */
function Source({ price, written, onForget }: SourceProps) {
  const t = useTranslations('worth.prices')
  if (written)
    return (
      <>
        <span>{t('own')}</span>
        <Button size="sm" onClick={onForget}>
          {t('forget')}
        </Button>
      </>
    )
  if (!price) return <span>{t('unknown')}</span>
  return (
    <span className="min-w-0">
      {t('asOf', { day: price.asOf })} <bdi>{price.source}</bdi>
    </span>
  )
}

interface PricesProps {
  side: Side
  price: ChatPrice | null
  written: Written | undefined
  onWrite: (written: Written | undefined) => void
}

function Prices({ side, price, written, onWrite }: PricesProps) {
  const t = useTranslations('worth.prices')
  const shown = written ?? writtenOf(price)
  return (
    <fieldset className="min-w-0 max-w-120">
      <legend className="mb-1.5 font-medium">{t(side)}</legend>
      <div className="grid grid-cols-3 gap-3">
        {PARTS.map((part) => (
          <Field key={part} label={<span className="font-normal text-3 text-meta">{t(part)}</span>}>
            <NumberField
              size="sm"
              min={0}
              fractionDigits={6}
              placeholder="–"
              value={shown[part] === null ? null : shown[part] / MICRO}
              onValueChange={(value) =>
                onWrite({ ...shown, [part]: value === null ? null : Math.round(value * MICRO) })
              }
            />
          </Field>
        ))}
      </div>
      <div className="mt-1.5 flex min-h-8 items-center gap-3 text-3 text-meta sm:min-h-7">
        <Source price={price} written={written !== undefined} onForget={() => onWrite(undefined)} />
      </div>
    </fieldset>
  )
}

interface TrainingProps {
  /** Billed micro-dollars; null if unknown. */
  billed: number | null
  own: number | undefined
  onOwn: (training: number | undefined) => void
}

/** Cost of training, editable for the calculation. */
function Training({ billed, own, onOwn }: TrainingProps) {
  const t = useTranslations('worth.prices')
  const shown = own ?? billed
  return (
    <div className="max-w-120">
      <Field label={t('training')}>
        <NumberField
          size="sm"
          className="w-36"
          min={0}
          fractionDigits={6}
          placeholder="–"
          value={shown === null ? null : shown / MICRO}
          onValueChange={(value) => onOwn(value === null ? undefined : Math.round(value * MICRO))}
        />
      </Field>
      <p className="mt-1.5 flex min-h-8 items-center gap-3 text-3 text-meta sm:min-h-7">
        {t(own !== undefined ? 'trainingOwn' : billed === null ? 'trainingUnknown' : 'trainingKnown')}
        {own !== undefined && (
          <Button size="sm" onClick={() => onOwn(undefined)}>
            {t('forget')}
          </Button>
        )}
      </p>
    </div>
  )
}

/** Model whose prices replace those of a model that is free here. */
const STAND_IN = 'gpt-4o-mini'

/** Its published prices, and what training on the same number of tokens would have cost. */
function asIfOn(
  model: string,
  chat: readonly ChatPrice[],
  training: readonly Price[],
  trainedTokens: number | null,
): OwnPrices {
  const price = trainingPrice(training, 'openai', model)
  return {
    base: writtenOf(chatPrice(chat, 'openai', model)),
    tuned: writtenOf(chatPrice(chat, 'openai', `ft:${model}`)),
    ...(price && trainedTokens !== null && { training: costOf(price, trainedTokens) }),
  }
}

interface LanePricesProps {
  worth: Worth
  own: OwnPrices
  onOwn: (own: OwnPrices) => void
}

/** Prices for the calculation: known prices with date and source, until the user enters others. */
export function PricesOfLanes({ worth: { lanes, training, trainedTokens }, own, onOwn }: LanePricesProps) {
  const t = useTranslations('worth.prices')
  const { data: prices = SHIPPED_CHAT_PRICES } = useQuery(chatPricesQuery())
  const { data: trainingPrices = SHIPPED_PRICES } = useQuery(pricesQuery())
  const laneOf = {
    base: lanes.find(({ kind }) => kind !== 'tuned'),
    tuned: lanes.find(({ kind }) => kind === 'tuned'),
  }
  return (
    <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {(['base', 'tuned'] as const).map((side) => {
        const lane = laneOf[side]
        return (
          <Prices
            key={side}
            side={side}
            price={lane ? chatPrice(prices, lane.providerId, lane.model) : null}
            written={own[side]}
            onWrite={(written) => onOwn({ ...own, [side]: written })}
          />
        )
      })}
      <Training
        billed={own.training === undefined ? training : null}
        own={own.training}
        onOwn={(written) => onOwn({ ...own, training: written })}
      />
      <p className="flex flex-wrap items-center gap-3 text-3 text-meta sm:self-center">
        <Button
          size="sm"
          title={t('asIfHint', { model: STAND_IN })}
          onClick={() => onOwn(asIfOn(STAND_IN, prices, trainingPrices, trainedTokens))}
        >
          {t('asIf', { model: STAND_IN })}
        </Button>
        <span>
          {t('note')} <TextLink href="/providers">{t('book')}</TextLink>
        </span>
      </p>
    </div>
  )
}
