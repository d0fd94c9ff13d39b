'use client'
import Pencil from 'lucide-react/icons/pencil'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { trainingPrice } from '#lib/providers/prices.ts'
import type { Price, PriceKey } from '#lib/providers/schema.ts'
import { PriceDialog } from './price-dialog.tsx'
import { usePrices } from './use-prices.ts'

/** Pencil button that opens the price dialog of a model. */
export function EditPrice({ providerId, model }: PriceKey) {
  const t = useTranslations('providers.prices')
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton
        size="sm"
        label={t('edit', { model: model || t('everyModel') })}
        onClick={() => setOpen(true)}
      >
        <Pencil size={14} aria-hidden />
      </IconButton>
      <PriceDialog providerId={providerId} model={model} open={open} onOpenChange={setOpen} />
    </>
  )
}

/** The price, its date and its source. */
function PriceWords({ price }: { price: Price | null }) {
  const { dollars } = useFormat()
  const t = useTranslations('providers.prices')
  if (!price) return <span className="text-3">{t('unknown')}</span>
  if (price.perMillion === 0 && !price.own) return t('free')
  return t.rich('said', {
    price: dollars(price.perMillion),
    asOf: price.asOf,
    source: price.source,
    name: (source) => <bdi>{source}</bdi>,
    quiet: (words) => <span className="text-3">{words}</span>,
  })
}

/** The training price of a model with date and source, and a pencil button to edit it. */
export function PriceButton({ providerId, model }: PriceKey) {
  const price = trainingPrice(usePrices(), providerId, model)
  return (
    <span className="inline-flex min-w-0 items-center gap-1 tabular-nums">
      <span className="min-w-0">
        <PriceWords price={price} />
      </span>
      <EditPrice providerId={providerId} model={model} />
    </span>
  )
}
