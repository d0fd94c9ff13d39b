'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Pencil from 'lucide-react/icons/pencil'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { SHIPPED_CHAT_PRICES } from '#lib/providers/prices.ts'
import { chatPricesQuery, clearChatPriceMutation, setChatPriceMutation } from '#lib/providers/queries.ts'
import { type ChatPrice, ChatPriceDraft, type PriceKey, type Provider } from '#lib/providers/schema.ts'

const MICRO = 1_000_000

interface Fields {
  input: number | null
  cachedInput: number | null
  output: number | null
  asOf: string
  source: string
}

const inDollars = (micro: number | null | undefined): number | null => (micro == null ? null : micro / MICRO)
const inMicro = (value: number | null): number | null => (value === null ? null : Math.round(value * MICRO))

/** Today in local time as YYYY-MM-DD, the format of date fields; the Swedish locale uses that format. */
const today = () => new Date().toLocaleDateString('sv')

const fieldsOf = (price: ChatPrice | null): Fields => ({
  input: inDollars(price?.input),
  cachedInput: inDollars(price?.cachedInput),
  output: inDollars(price?.output),
  asOf: price?.own ? price.asOf : today(),
  source: price?.own ? price.source : '',
})

const readFields = (key: PriceKey, { input, cachedInput, output, ...said }: Fields) =>
  ChatPriceDraft.safeParse({
    ...key,
    ...said,
    input: inMicro(input),
    cachedInput: inMicro(cachedInput),
    output: inMicro(output),
  })

interface EditProps extends PriceKey {
  price: ChatPrice | null
}

/** Form for the chat price of a model, with date and source. */
function EditChatPrice({ price, ...key }: EditProps) {
  const t = useTranslations('spending.chat')
  const words = useTranslations('providers.prices')
  const form = useId()
  const fieldWords = useFieldWords()
  const [open, setOpen] = useState(false)
  const [fields, setFields] = useState(() => fieldsOf(price))
  const [tried, setTried] = useState(false)
  const onSuccess = () => setOpen(false)
  const set = useMutation({ ...setChatPriceMutation(), onSuccess })
  const clear = useMutation({ ...clearChatPriceMutation(), onSuccess })
  const change = (part: Partial<Fields>) => setFields((before) => ({ ...before, ...part }))
  const read = readFields(key, fields)
  const errors = tried ? fieldWords(wordsByPath(read.error)) : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) set.mutate(read.data)
  }
  const sum = (name: 'input' | 'cachedInput' | 'output') => (
    <Field label={t(name)} optional={name === 'cachedInput'} error={errors[name]}>
      <NumberField
        value={fields[name]}
        onValueChange={(value) => change({ [name]: value })}
        min={0}
        fractionDigits={6}
      />
    </Field>
  )
  const model = key.model || words('everyModel')
  return (
    <>
      <IconButton size="sm" label={t('edit', { model })} onClick={() => setOpen(true)}>
        <Pencil size={14} aria-hidden />
      </IconButton>
      <Dialog
        title={t('dialog')}
        description={<bdi>{model}</bdi>}
        open={open}
        onOpenChange={setOpen}
        footer={
          <>
            {price?.own && price.model === key.model && (
              <Button className="me-auto" busy={clear.isPending} onClick={() => clear.mutate(key)}>
                {words('forget')}
              </Button>
            )}
            <Button onClick={() => setOpen(false)}>{words('cancel')}</Button>
            <Button variant="primary" type="submit" form={form} busy={set.isPending}>
              {words('save')}
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} noValidate className="grid gap-3">
          {sum('input')}
          {sum('cachedInput')}
          {sum('output')}
          <Field label={words('asOf')} error={errors.asOf}>
            <Input type="date" value={fields.asOf} onValueChange={(asOf) => change({ asOf })} />
          </Field>
          <Field label={words('source')} error={errors.source}>
            <Input value={fields.source} onValueChange={(source) => change({ source })} />
          </Field>
        </form>
        {(set.error ?? clear.error) && <Failure error={set.error ?? clear.error} className="mt-3" />}
      </Dialog>
    </>
  )
}

/** One line per price of the billing providers; a server without published prices gets an empty line to fill in. */
function linesOf(prices: readonly ChatPrice[], providers: readonly Provider[]): EditProps[] {
  return providers.flatMap(({ id }): EditProps[] => {
    if (id === 'embedded') return []
    const told = prices.filter(({ providerId }) => providerId === id)
    if (told.length === 0) return [{ providerId: id, model: '', price: null }]
    return told.map((price) => ({ providerId: id, model: price.model, price }))
  })
}

/** Chat prices of the billing providers, each with date and source. */
export function ChatPriceTable({ providers }: { providers: readonly Provider[] }) {
  const { dollars } = useFormat()
  const t = useTranslations('spending.chat')
  const words = useTranslations('providers.prices')
  const { data: prices = SHIPPED_CHAT_PRICES } = useQuery(chatPricesQuery())
  const lines = linesOf(prices, providers)
  if (lines.length === 0) return null
  return (
    <Panel aria-labelledby="chat-prices">
      <PanelHead id="chat-prices" title={t('title')} meta={t('meaning')} />
      <Table caption={t('title')}>
        <thead>
          <tr>
            <Th>{words('models')}</Th>
            <Th align="end">{t('input')}</Th>
            <Th align="end">{t('cachedInput')}</Th>
            <Th align="end">{t('output')}</Th>
            <Th>{words('asOf')}</Th>
            <Th>{words('source')}</Th>
            <Th align="end">{words('change')}</Th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ price, ...key }) => (
            <Tr key={`${key.providerId} ${key.model}`}>
              <Td mono={key.model !== ''}>
                <bdi dir={key.model ? 'ltr' : 'auto'}>{key.model || words('everyModel')}</bdi>
              </Td>
              <Td align="end">{dollars(price?.input)}</Td>
              <Td align="end">{dollars(price?.cachedInput)}</Td>
              <Td align="end">{dollars(price?.output)}</Td>
              <Td quiet>{price?.asOf ?? '–'}</Td>
              <Td quiet className="w-full min-w-32 max-w-0 truncate">
                <bdi>{price?.source ?? '–'}</bdi>
              </Td>
              <Td align="end">
                <EditChatPrice {...key} price={price} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
