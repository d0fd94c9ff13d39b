'use client'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { AppError } from '#lib/core/errors.ts'
import { DatasetName } from '#lib/datasets/schema.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'

export interface NameDialogProps {
  title: string
  action: string
  busyAction: string
  initial?: string
  open: boolean
  onOpenChange: (open: boolean) => void
  onName: (name: string) => Promise<unknown>
}

/** Asks for a dataset's name; stays open with the reason when it was not taken. */
export function NameDialog({
  title,
  action,
  busyAction,
  initial = '',
  open,
  onOpenChange,
  onName,
}: NameDialogProps) {
  const t = useTranslations('datasets')
  const say = useErrorWords()
  const form = useId()
  const [name, setName] = useState(initial)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = DatasetName.safeParse(name)
    if (!read.success) return setError(read.error.issues.map(issueWords).map(say)[0])
    setBusy(true)
    try {
      await onName(read.data)
      onOpenChange(false)
      setName(initial)
    } catch (thrown) {
      setError(thrown instanceof AppError ? say(thrown) : String(thrown))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={busy} busyLabel={busyAction}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label={t('name')} hint={t('nameHint')} error={error}>
          <Input
            value={name}
            onValueChange={(value) => {
              setName(value)
              setError(undefined)
            }}
          />
        </Field>
      </form>
    </Dialog>
  )
}
