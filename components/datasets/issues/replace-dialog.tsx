'use client'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { Tick } from '#components/ui/tick.tsx'
import type { BulkChange, DatasetSummary } from '#lib/datasets/schema.ts'

export interface ReplaceDialogProps {
  dataset: DatasetSummary
  /** Ids of the selected rows. */
  chosen: ReadonlySet<string>
  /** The words that the list is searched for. */
  words: string
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Requests the change, which the user reviews before it is applied. */
  onChange: (change: BulkChange) => void
}

type FormProps = Pick<ReplaceDialogProps, 'chosen' | 'words' | 'onChange'> & { id: string }

function Form({ id, chosen, words, onChange }: FormProps) {
  const t = useTranslations('datasets.replace')
  const [find, setFind] = useState(words)
  const [to, setTo] = useState('')
  const [matchCase, setMatchCase] = useState(true)
  const [where, setWhere] = useState(chosen.size > 0 ? 'chosen' : 'every')
  const [tried, setTried] = useState(false)
  const isSame = find !== '' && find === to
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (find === '' || isSame) return
    const rows = where === 'chosen' ? { rows: [...chosen] } : {}
    onChange({ kind: 'replace', find, to, matchCase, ...rows })
  }
  const every = { value: 'every', label: t('every') }
  const options =
    chosen.size > 0 ? [{ value: 'chosen', label: t('chosen', { count: chosen.size }) }, every] : [every]
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t('find')} error={tried && find === '' && t('findEmpty')}>
        <Textarea value={find} onValueChange={setFind} maxLength={1_000} className="max-h-40" />
      </Field>
      <Field label={t('to')} hint={t('toHint')} error={tried && isSame && t('same')}>
        <Textarea value={to} onValueChange={setTo} maxLength={10_000} className="max-h-40" />
      </Field>
      <Tick checked={matchCase} onCheckedChange={setMatchCase}>
        {t('matchCase')}
      </Tick>
      <Field label={t('where')}>
        <Select value={where} onValueChange={setWhere} options={options} />
      </Field>
    </form>
  )
}

/** Replaces a text in the messages of rows; the user reviews every change next. */
export function ReplaceDialog({ dataset, open, onOpenChange, ...form }: ReplaceDialogProps) {
  const t = useTranslations('datasets.replace')
  const issues = useTranslations('issues')
  const id = useId()
  return (
    <Dialog
      title={t('title')}
      description={t('sentence')}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{issues('cancel')}</Button>
          <Button variant="primary" type="submit" form={id} disabled={dataset.busy} reason={issues('busy')}>
            {issues('review')}
          </Button>
        </>
      }
    >
      <Form id={id} {...form} />
    </Dialog>
  )
}
