'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { nameVersionMutation } from '#lib/datasets/mutations.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

export interface VersionDialogProps {
  dataset: DatasetSummary
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Creates a named version from the current rows. */
export function VersionDialog({ dataset, open, onOpenChange }: VersionDialogProps) {
  const t = useTranslations('datasets.version')
  const words = useTranslations('datasets')
  const toast = useToast()
  const form = useId()
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const { mutate, isPending, error } = useMutation({
    ...nameVersionMutation(dataset.id),
    onSuccess: ({ number }) => {
      toast({ text: t('made', { number }) })
      onOpenChange(false)
      setName('')
      setNote('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    mutate({ name: name.trim() || null, note: note.trim() || null })
  }
  return (
    <Dialog
      title={t('name')}
      description={t('sentence')}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{words('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} busy={isPending} busyLabel={words('saving')}>
            {words('save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="grid gap-4">
        <Field label={words('name')} optional>
          <Input value={name} onValueChange={setName} maxLength={120} />
        </Field>
        <Field label={t('note')} optional>
          <Textarea value={note} onValueChange={setNote} maxLength={2_000} />
        </Field>
        {error !== null && <Failure error={error} />}
      </form>
    </Dialog>
  )
}
