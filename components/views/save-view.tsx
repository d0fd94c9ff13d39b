'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { Input } from '#components/ui/input.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import type { ListName } from '#lib/views/address.ts'
import { saveViewMutation } from '#lib/views/queries.ts'
import { ViewDraft } from '#lib/views/schema.ts'
import { wordsFor } from './words.ts'

interface SaveViewProps {
  list: ListName
  query: string
  onClose: () => void
}

/** Asks under which name a view is kept. */
export function SaveView({ list, query, onClose }: SaveViewProps) {
  const t = useTranslations(wordsFor(list))
  const say = useFieldWords()
  const form = useId()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState<string>()
  const { mutate, isPending, error } = useMutation({ ...saveViewMutation(), onSuccess: onClose })
  const taken = error instanceof AppError && error.param === 'name' ? say({ name: error }).name : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = ViewDraft.safeParse({ list, name, query })
    setWrong(say(wordsByPath(read.error)).name)
    if (read.success) mutate(read.data)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('saveTitle')}
      description={t('saveMeaning')}
      footer={<FormButtons form={form} busy={isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t('name')} error={wrong ?? taken}>
          <Input value={name} onValueChange={setName} />
        </Field>
        {error && !taken && <Failure title={t('failed')} error={error} />}
      </form>
    </Dialog>
  )
}
