'use client'
import { useMutation } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { Note } from '#components/ui/note.tsx'
import { Select } from '#components/ui/select.tsx'
import { useErrorWords, useFieldWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { ADDRESSED_KINDS, SERVING_KINDS } from '#lib/providers/kinds.ts'
import { addConnectionMutation, testConnectionMutation } from '#lib/providers/queries.ts'
import { Connection, type ConnectionTest, OFFERED, type Offers } from '#lib/providers/schema.ts'

type Kind = Connection['kind']

const KINDS = ['openai', ...ADDRESSED_KINDS] as const satisfies readonly Kind[]
const PLACES = ['internet', 'nearby'] as const

/** Field values while the user edits them. */
interface Fields {
  kind: Kind
  name: string
  address: string
  key: string
  place: (typeof PLACES)[number]
}

/** Where providers of a kind usually are; the others' addresses are the user's own. */
const USUAL: Partial<Record<Kind, Pick<Fields, 'address' | 'place'>>> = {
  nebius: { address: 'https://api.tokenfactory.nebius.com/v1', place: 'internet' },
  together: { address: 'https://api.together.xyz/v1', place: 'internet' },
  vllm: { address: 'http://localhost:8000/v1', place: 'nearby' },
  llamacpp: { address: 'http://localhost:8080/v1', place: 'nearby' },
  ollama: { address: 'http://localhost:11434/v1', place: 'nearby' },
  lmstudio: { address: 'http://localhost:1234/v1', place: 'nearby' },
}
const UNKNOWN = { address: '', place: 'internet' } as const

/** Examples of addresses that have a part of the user's own. */
const EXAMPLES: Partial<Record<Kind, string>> = {
  azure: 'https://NAME.openai.azure.com/openai/v1',
  fireworks: 'https://api.fireworks.ai/v1/accounts/ACCOUNT',
}

const EMPTY: Fields = { kind: 'openai', name: '', key: '', ...UNKNOWN }

const isServing = (kind: Kind): kind is (typeof SERVING_KINDS)[number] =>
  (SERVING_KINDS as readonly Kind[]).includes(kind)

/** Kinds of servers that may ask for no key. */
const isKeyless = (kind: Kind): boolean => kind === 'compatible' || kind === 'limerick' || isServing(kind)

const connectionOf = ({ place, name, ...fields }: Fields, fallback: string) =>
  Connection.safeParse({ ...fields, name: name.trim() || fallback, nearby: place === 'nearby' })

/** What a server that nobody knows offers of training. */
function OffersWords({ offers }: { offers: Offers }) {
  const { list } = useFormat()
  const t = useTranslations('providers.connect')
  const named = (offered: boolean | null) =>
    OFFERED.filter((one) => offers[one] === offered).map((one) => t(`offered.${one}`))
  const [has, lacks, unknown] = [named(true), named(false), named(null)]
  return (
    <ul className="mt-1 grid gap-0.5 text-2">
      {has.length > 0 && <li>{t('offers', { what: list(has) })}</li>}
      {lacks.length > 0 && <li>{t('lacks', { what: list(lacks) })}</li>}
      {unknown.length > 0 && <li>{t('offersUnknown', { what: list(unknown) })}</li>}
    </ul>
  )
}

/** How the provider answered. */
function Answer({ test }: { test: ConnectionTest }) {
  const t = useTranslations('providers.connect')
  const say = useErrorWords()
  const { message, models, ms, offers } = test
  return (
    <Note tone={message === null ? 'ok' : 'warn'}>
      {message === null ? t('answers', { models: models ?? 0, ms }) : say({ ...test, message })}
      {offers && <OffersWords offers={offers} />}
    </Note>
  )
}

interface FieldsProps {
  fields: Fields
  errors: Partial<Record<string, string>>
  change: (part: Partial<Fields>) => void
}

function AddressFields({ fields, errors, change }: FieldsProps) {
  const t = useTranslations('providers.connect')
  return (
    <>
      <Field label={t('address')} hint={t('addressHint')} error={errors.address}>
        <Input
          dir="ltr"
          type="url"
          value={fields.address}
          placeholder={EXAMPLES[fields.kind] ?? 'https://models.example.org/v1'}
          onValueChange={(address) => change({ address })}
        />
      </Field>
      <Field label={t('place')} hint={t('placeHint')}>
        <Select
          value={fields.place}
          onValueChange={(place) => change({ place })}
          options={PLACES.map((value) => ({ value, label: t(`places.${value}`) }))}
        />
      </Field>
    </>
  )
}

function ConnectionFields({ fields, errors, change }: FieldsProps) {
  const t = useTranslations('providers.connect')
  const { kind } = fields
  return (
    <>
      <Field label={t('kind')} hint={t(`about.${isServing(kind) ? 'serving' : kind}`)}>
        <Select
          value={kind}
          onValueChange={(kind) => change({ kind, ...(USUAL[kind] ?? UNKNOWN) })}
          options={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      </Field>
      {kind !== 'openai' && <AddressFields fields={fields} errors={errors} change={change} />}
      <Field label={t('key')} hint={t('keyHint')} optional={isKeyless(kind)} error={errors.key}>
        <Input dir="ltr" type="password" mono value={fields.key} onValueChange={(key) => change({ key })} />
      </Field>
      <Field label={t('name')} hint={t('nameHint')} optional error={errors.name}>
        <Input value={fields.name} maxLength={80} onValueChange={(name) => change({ name })} />
      </Field>
    </>
  )
}

/** The name where the user gives none. */
function fallbackOf({ kind, address }: Fields): string {
  return kind === 'openai' ? 'OpenAI' : (URL.parse(address)?.host ?? '')
}

function ConnectionDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('providers.connect')
  const form = useId()
  const [fields, setFields] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const fieldWords = useFieldWords()
  const test = useMutation(testConnectionMutation())
  const add = useMutation({ ...addConnectionMutation(), onSuccess: onClose })
  const read = connectionOf(fields, fallbackOf(fields))
  const errors = tried ? fieldWords(wordsByPath(read.error)) : {}
  const change = (part: Partial<Fields>) => {
    test.reset()
    setFields((before) => ({ ...before, ...part }))
  }
  const withRead = (use: (connection: Connection) => void) => {
    setTried(true)
    if (read.success) use(read.data)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    withRead(add.mutate)
  }
  const error = add.error ?? test.error
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('meaning')}
      footer={
        <>
          <Button
            className="me-auto"
            busy={test.isPending}
            busyLabel={t('testing')}
            onClick={() => withRead(test.mutate)}
          >
            {t('test')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={add.isPending} busyLabel={t('adding')}>
            {t('add')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-3">
        <ConnectionFields fields={fields} errors={errors} change={change} />
      </form>
      <div role="status" className="not-empty:mt-3">
        {test.data && <Answer test={test.data} />}
      </div>
      {error && <Failure error={error} className="mt-3" />}
    </Dialog>
  )
}

/** Adds a provider. */
export function AddProviderButton() {
  const t = useTranslations('providers.connect')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setOpen(true)}>
        {t('title')}
      </Button>
      {open && <ConnectionDialog onClose={() => setOpen(false)} />}
    </>
  )
}
