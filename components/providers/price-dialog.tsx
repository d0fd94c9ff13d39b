'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { trainingPrice } from '#lib/providers/prices.ts'
import { clearPriceMutation, setPriceMutation } from '#lib/providers/queries.ts'
import { type Price, PriceDraft, type PriceKey } from '#lib/providers/schema.ts'
import { usePrices } from './use-prices.ts'

const MICRO = 1_000_000

/** Field values while the user edits them. */
interface Fields {
  /** Dollars per million tokens. */
  dollars: number | null
  asOf: string
  source: string
}

/** Today in local time as YYYY-MM-DD, the format of date fields; the Swedish locale uses that format. */
const today = () => new Date().toLocaleDateString('sv')

const fieldsOf = (price: Price | null): Fields => ({
  dollars: price && price.perMillion / MICRO,
  asOf: price?.own ? price.asOf : today(),
  source: price?.own ? price.source : '',
})

const draftOf = (key: PriceKey, { dollars, asOf, source }: Fields) =>
  PriceDraft.safeParse({
    ...key,
    asOf,
    source,
    perMillion: dollars === null ? null : Math.round(dollars * MICRO),
  })

interface FormProps extends PriceKey {
  id: string
  price: Price | null
  onPrice: (draft: PriceDraft) => void
}

function PriceForm({ id, price, onPrice, ...key }: FormProps) {
  const t = useTranslations('providers.prices')
  const [fields, setFields] = useState(() => fieldsOf(price))
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Fields>) => setFields((before) => ({ ...before, ...part }))
  const read = draftOf(key, fields)
  const fieldWords = useFieldWords()
  const errors = tried ? fieldWords(wordsByPath(read.error)) : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) onPrice(read.data)
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-3">
      <Field label={t('perMillion')} hint={t('perMillionHint')} error={errors.perMillion}>
        <NumberField
          value={fields.dollars}
          onValueChange={(dollars) => change({ dollars })}
          min={0}
          fractionDigits={6}
        />
      </Field>
      <Field label={t('asOf')} error={errors.asOf}>
        <Input type="date" value={fields.asOf} onValueChange={(asOf) => change({ asOf })} />
      </Field>
      <Field label={t('source')} hint={t('sourceHint')} error={errors.source}>
        <Input value={fields.source} onValueChange={(source) => change({ source })} />
      </Field>
    </form>
  )
}

export interface PriceDialogProps extends PriceKey {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Form for the training price of a model, with date and source. */
export function PriceDialog({ providerId, model, open, onOpenChange }: PriceDialogProps) {
  const t = useTranslations('providers.prices')
  const form = useId()
  const close = () => onOpenChange(false)
  const set = useMutation({ ...setPriceMutation(), onSuccess: close })
  const clear = useMutation({ ...clearPriceMutation(), onSuccess: close })
  const key = { providerId, model }
  const price = trainingPrice(usePrices(), providerId, model)
  const error = set.error ?? clear.error
  return (
    <Dialog
      title={t('title')}
      description={<bdi dir={model ? 'ltr' : 'auto'}>{model || t('everyModel')}</bdi>}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          {price?.own && price.model === model && (
            <Button
              className="me-auto"
              busy={clear.isPending}
              busyLabel={t('forgetting')}
              onClick={() => clear.mutate(key)}
            >
              {t('forget')}
            </Button>
          )}
          <Button onClick={close}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={set.isPending} busyLabel={t('saving')}>
            {t('save')}
          </Button>
        </>
      }
    >
      <PriceForm {...key} id={form} price={price} onPrice={(draft) => set.mutate(draft)} />
      {error && <Failure error={error} className="mt-3" />}
    </Dialog>
  )
}
