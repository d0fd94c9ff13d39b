'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { Input } from '#components/ui/input.tsx'
import { CLOSINGS, SHIPPED } from '#lib/home/closing-dates.ts'
import type { Closing, ClosingDates } from '#lib/home/closings-schema.ts'
import { setClosingsMutation } from '#lib/home/queries.ts'

interface ClosingsDialogProps {
  closings: readonly Closing[]
  onClose: () => void
}

/** Other dates than those that were read on the provider's page. */
export function ClosingsDialog({ closings, onClose }: ClosingsDialogProps) {
  const t = useTranslations('home.closing')
  const form = useId()
  const [dates, setDates] = useState<ClosingDates>(() => ({
    ...SHIPPED,
    ...Object.fromEntries(closings.map(({ what, date }) => [what, date])),
  }))
  const save = useMutation({ ...setClosingsMutation(), onSuccess: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(dates)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('change')}
      description={t('changeMeaning')}
      footer={<FormButtons form={form} busy={save.isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-3">
        {CLOSINGS.map((what) => (
          <Field key={what} label={t(what)} hint={t('shipped', { date: SHIPPED[what] })}>
            <Input
              type="date"
              dir="ltr"
              className="w-44"
              value={dates[what]}
              onValueChange={(date) => setDates((now) => ({ ...now, [what]: date }))}
            />
          </Field>
        ))}
      </form>
      {save.error && <Failure error={save.error} className="mt-3" />}
    </Dialog>
  )
}
