import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import type { LanePrices, WorthLane } from '#lib/evals/schema.ts'
import { chatPrice, SHIPPED_CHAT_PRICES } from '#lib/providers/prices.ts'
import { chatPricesQuery } from '#lib/providers/queries.ts'
import type { ChatPrice } from '#lib/providers/schema.ts'

const MICRO = 1_000_000
const PARTS = ['input', 'cachedInput', 'output'] as const

type Side = 'base' | 'tuned'

/** Micro-dollars per million tokens as somebody writes them; null where a field is empty. */
type Written = Record<(typeof PARTS)[number], number | null>
export type OwnPrices = Partial<Record<Side, Written>>

/** Only whole prices are reckoned with. */
export function lanePricesOf(own: OwnPrices): LanePrices | undefined {
  const whole = Object.entries(own).flatMap(([side, { input, cachedInput, output }]) =>
    input === null || output === null ? [] : [[side, { input, cachedInput, output }]],
  )
  return whole.length === 0 ? undefined : Object.fromEntries(whole)
}

const NOTHING: Written = { input: null, cachedInput: null, output: null }

const writtenOf = (price: ChatPrice | null): Written =>
  price ? { input: price.input, cachedInput: price.cachedInput, output: price.output } : NOTHING

interface SourceProps {
  side: Side
  price: ChatPrice | null
  written: boolean
  onForget: () => void
}

/** When a price was so and who says it; one line high whatever it says. */
function Source({ side, price, written, onForget }: SourceProps) {
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
  // Published prices are those of fine-tuned models, which a base costs at most.
  const atMost = side === 'base' && !price.own && price.input > 0
  return (
    <span className="min-w-0">
      {t('asOf', { day: price.asOf })} <bdi>{price.source}</bdi>
      {atMost && <>. {t('atMost')}</>}
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
        <Source
          side={side}
          price={price}
          written={written !== undefined}
          onForget={() => onWrite(undefined)}
        />
      </div>
    </fieldset>
  )
}

interface LanePricesProps {
  lanes: readonly WorthLane[]
  own: OwnPrices
  onOwn: (own: OwnPrices) => void
}

/** Prices to reckon with: the known ones, each with its date and source, until somebody writes others here. */
export function PricesOfLanes({ lanes, own, onOwn }: LanePricesProps) {
  const t = useTranslations('worth.prices')
  const { data: prices = SHIPPED_CHAT_PRICES } = useQuery(chatPricesQuery())
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
      <p className="text-3 text-meta sm:col-span-2">
        {t('note')} <TextLink href="/providers">{t('book')}</TextLink>
      </p>
    </div>
  )
}
