'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { AppError } from '#lib/core/errors.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'
import { checkSourceMutation, libraryQuery } from '#lib/models/library-queries.ts'
import {
  FolderRef,
  type Library,
  type ModelOffer,
  type ModelSource,
  RepoRef,
  type SourceRef,
} from '#lib/models/library-schema.ts'
import { roughly } from './roughly.ts'

/** The last two choices; every other value is the repository of an offer. */
const OTHERS = ['hub', 'folder'] as const
type Other = (typeof OTHERS)[number]
const isOther = (choice: string): choice is Other => (OTHERS as readonly string[]).includes(choice)

interface OfferProps {
  offer: ModelOffer
  /** Bytes of memory that training may use. */
  total: number
}

function OfferFacts({ offer, total }: OfferProps) {
  const format = useFormat()
  const { bytes, compact } = format
  const t = useTranslations('library')
  const { parameters, licence, gated, memory, seconds, here } = offer
  if (here) return t('here')
  return (
    <span className="grid tabular-nums">
      <span>{t('facts', { parameters: compact(parameters), bytes: bytes(offer.bytes) })}</span>
      <span>{t('needs', { memory: bytes(memory), time: roughly(seconds, format) })}</span>
      <span>{t('licence', { licence, gated: gated ? 'yes' : 'no' })}</span>
      {memory > total && <span className="text-warn">{t('tooLarge')}</span>}
    </span>
  )
}

interface OptionsProps {
  library: Library
  choice: string
  onChoose: (choice: string) => void
}

/** The shipped short list, with what each model needs here, and the two other ways. */
function Options({ library: { offers, memory }, choice, onChoose }: OptionsProps) {
  const t = useTranslations('library')
  const offered = offers.map((offer) => ({
    value: offer.repo,
    label: (
      <bdi dir="ltr" className="wrap-anywhere">
        {offer.name}
      </bdi>
    ),
    hint: <OfferFacts offer={offer} total={memory} />,
    disabled: offer.here,
  }))
  const others = OTHERS.map((value) => ({ value, label: t(value), hint: t(`${value}Hint`) }))
  return (
    <RadioCards
      label={t('choice')}
      value={choice}
      onValueChange={onChoose}
      options={[...offered, ...others]}
      className="sm:grid-cols-2!"
    />
  )
}

/** Called with what was found, and what was asked for. */
type Found = (source: ModelSource, wish: SourceRef) => void

/** What is chosen and typed, and the question to the engine. */
export function useChoice(onFound: Found) {
  const say = useErrorWords()
  const { data } = useQuery(libraryQuery())
  const [chosen, setChosen] = useState<string | null>(null)
  const [text, setText] = useState({ hub: '', folder: '' })
  const [fault, setFault] = useState<string>()
  const look = useMutation({ ...checkSourceMutation(), onSuccess: onFound })
  const choice = chosen ?? data?.offers.find(({ here }) => !here)?.repo ?? 'hub'
  const clear = () => {
    setFault(undefined)
    look.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (look.isPending) return
    const read =
      choice === 'folder'
        ? FolderRef.safeParse({ folder: text.folder })
        : RepoRef.safeParse({ repo: isOther(choice) ? text.hub : choice })
    if (read.success) look.mutate(read.data)
    else setFault(read.error.issues.map(issueWords).map(say)[0])
  }
  const choose = (next: string) => {
    setChosen(next)
    clear()
  }
  const write = (other: Other) => (next: string) => {
    setText((all) => ({ ...all, [other]: next }))
    clear()
  }
  return { choice, choose, text, write, fault, look, submit }
}
export type Choice = ReturnType<typeof useChoice>

/** Whether an error is about what was typed. */
const isOfField = (error: unknown): error is AppError =>
  error instanceof AppError && (error.param === 'folder' || error.param === 'repo')

/** What appears below the choices must not stay out of sight. */
const show = (part: HTMLElement | null): void => part?.scrollIntoView({ block: 'nearest' })

/** The first step: which model. */
export function ChoiceForm({ id, state }: { id: string; state: Choice }) {
  const { bytes } = useFormat()
  const t = useTranslations('library')
  const say = useErrorWords()
  const { data, error, refetch } = useQuery(libraryQuery())
  const { choice, choose, text, write, fault, look, submit } = state
  const [atField, elsewhere] =
    isOther(choice) && isOfField(look.error) ? [say(look.error), null] : [fault, look.error]
  const fieldError = atField && (
    <span key={atField} ref={show} role="alert" className="wrap-anywhere">
      {atField}
    </span>
  )
  if (!data)
    return error ? <Failure error={error} onRetry={() => refetch()} /> : <Skeleton className="w-60" />
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-4">
      <Options library={data} choice={choice} onChoose={choose} />
      <p className="text-3 text-meta">{t('estimates', { memory: bytes(data.memory) })}</p>
      {isOther(choice) && (
        <div ref={show}>
          <Field label={t(`${choice}Label`)} error={fieldError}>
            <Input mono dir="ltr" value={text[choice]} maxLength={4096} onValueChange={write(choice)} />
          </Field>
        </div>
      )}
      {elsewhere && (
        <div ref={show}>
          <Failure error={elsewhere} />
        </div>
      )}
    </form>
  )
}
