'use client'
import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
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

export interface NameDialogProps<Named> {
  title: string
  action: string
  busyAction: string
  initial?: string
  open: boolean
  onOpenChange: (open: boolean) => void
  naming: UseMutationOptions<Named, Error, string>
  onNamed?: (named: Named) => void
}

/** Asks for a dataset's name; if saving fails, stays open with the error. */
export function NameDialog<Named>({
  title,
  action,
  busyAction,
  initial = '',
  open,
  onOpenChange,
  naming,
  onNamed,
}: NameDialogProps<Named>) {
  const t = useTranslations('datasets')
  const say = useErrorWords()
  const form = useId()
  const [name, setName] = useState(initial)
  const [wrong, setWrong] = useState<string>()
  const { mutate, isPending, error, reset } = useMutation({
    ...naming,
    onSuccess: (named) => {
      onNamed?.(named)
      onOpenChange(false)
      setName(initial)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = DatasetName.safeParse(name)
    if (read.success) mutate(read.data)
    else setWrong(read.error.issues.map(issueWords).map(say)[0])
  }
  return (
    <Dialog
      title={title}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={isPending} busyLabel={busyAction}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label={t('name')}
          hint={t('nameHint')}
          error={wrong ?? (error instanceof AppError ? say(error) : error?.message)}
        >
          <Input
            value={name}
            onValueChange={(value) => {
              setName(value)
              setWrong(undefined)
              if (error) reset()
            }}
          />
        </Field>
      </form>
    </Dialog>
  )
}
