'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { makeKeyMutation } from '#lib/auth/queries.ts'
import { KeyDraft } from '#lib/auth/schema.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'

/** Asks for the name of the key, then shows the secret once; it is discarded with the dialog. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('apiKeys.dialog')
  const say = useErrorWords()
  const form = useId()
  const [name, setName] = useState('')
  const [fault, setFault] = useState<string>()
  const make = useMutation(makeKeyMutation())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = KeyDraft.safeParse({ name })
    if (read.success) make.mutate(read.data)
    else setFault(read.error.issues.map(issueWords).map(say)[0])
  }
  const key = make.data?.key
  const asking = (
    <>
      <Button onClick={onClose}>{t('cancel')}</Button>
      <Button variant="primary" type="submit" form={form} busy={make.isPending} busyLabel={t('making')}>
        {t('make')}
      </Button>
    </>
  )
  const done = (
    <Button variant="primary" onClick={onClose}>
      {t('done')}
    </Button>
  )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={key && t('shown')}
      footer={key ? done : asking}
    >
      {key ? (
        <CodeBlock code={key} label={t('key')} copyLabel={t('copy')} />
      ) : (
        <form id={form} onSubmit={submit} noValidate>
          <Field label={t('name')} hint={t('nameHint')} error={fault}>
            <Input
              value={name}
              maxLength={64}
              onValueChange={(next) => {
                setName(next)
                setFault(undefined)
              }}
            />
          </Field>
        </form>
      )}
      {make.error && <Failure error={make.error} className="mt-3" />}
    </Dialog>
  )
}
