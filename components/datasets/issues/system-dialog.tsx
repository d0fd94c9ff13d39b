'use client'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import type { BulkChange, DatasetReport, DatasetSummary } from '#lib/datasets/schema.ts'
import { useVariants } from './use-variants.ts'

export interface SystemDialogProps {
  dataset: DatasetSummary
  report: DatasetReport
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Requests the change, which the user reviews before it is applied. */
  onChange: (change: BulkChange) => void
}

/** Maximum number of system prompts in a report; the dataset may have more. */
const LISTED = 20
/** Characters of a prompt shown in a list. */
const GLIMPSE = 90

const glimpse = (text: string) => (text.length > GLIMPSE ? `${text.slice(0, GLIMPSE)}…` : text)

function Current({ text }: { text: string }) {
  const t = useTranslations('issues.system')
  return (
    <figure aria-label={t('current')} className="m-0 grid gap-1">
      <figcaption className="font-medium">{t('current')}</figcaption>
      <p
        dir="auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        tabIndex={0}
        className="wrap-anywhere max-h-40 overflow-y-auto whitespace-pre-wrap rounded-md border bg-sunken px-2.5 py-1.5 text-2 text-read"
      >
        {text}
      </p>
    </figure>
  )
}

interface FormProps extends Pick<SystemDialogProps, 'dataset' | 'report' | 'onChange'> {
  id: string
}

/** The rows to change: `every`, `other`, or the line of a row with the system prompt to replace. */
function useWhich({ dataset, report }: FormProps) {
  const t = useTranslations('issues.system')
  const [chosen, setWhich] = useState('every')
  const [other, setOther] = useState('')
  const variants = useVariants(dataset.id, report)
  const listed = variants.map(({ line, text, count }) => ({
    value: String(line),
    label: glimpse(text),
    detail: t('rows', { count }),
  }))
  const every = {
    value: 'every',
    label: t('every'),
    detail: t('rows', { count: dataset.train.examples + dataset.heldout.examples }),
  }
  const more = report.systems.length < LISTED ? [] : [{ value: 'other', label: t('other') }]
  const options = [every, ...listed, ...more]
  // The selected prompt may no longer exist in any row: use `every` then.
  const which = options.some(({ value }) => value === chosen) ? chosen : 'every'
  const current = variants.find(({ line }) => String(line) === which)?.text ?? null
  const from = which === 'other' ? other : current
  return { which, setWhich, other, setOther, options, current, from }
}

function Form(props: FormProps) {
  const { id, report, onChange } = props
  const t = useTranslations('issues.system')
  const { which, setWhich, other, setOther, options, current, from } = useWhich(props)
  const [to, setTo] = useState(report.usualSystem ?? '')
  const [tried, setTried] = useState(false)
  const fromFault = which === 'other' && other === '' && t('fromEmpty')
  const toFault = (to.trim() === '' && t('toEmpty')) || (to === from && t('same'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!fromFault && !toFault) onChange({ kind: 'system', from, to })
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t('which')} hint={which === 'every' && t('everyHint')}>
        <Select value={which} onValueChange={setWhich} options={options} />
      </Field>
      {current !== null && <Current text={current} />}
      {which === 'other' && (
        <Field label={t('from')} error={tried && fromFault}>
          <Textarea value={other} onValueChange={setOther} rows={2} className="max-h-40" />
        </Field>
      )}
      <Field label={t('to')} hint={t('toHint')} error={tried && toFault}>
        <Textarea value={to} onValueChange={setTo} rows={4} className="max-h-80" />
      </Field>
    </form>
  )
}

/** Sets one system prompt in many rows; the user reviews the result next. */
export function SystemDialog({ dataset, report, open, onOpenChange, onChange }: SystemDialogProps) {
  const t = useTranslations('issues')
  const form = useId()
  return (
    <Dialog
      title={t('system.title')}
      description={t('system.sentence')}
      open={open}
      onOpenChange={onOpenChange}
      width="lg"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" form={form} disabled={dataset.busy} reason={t('busy')}>
            {t('review')}
          </Button>
        </>
      }
    >
      <Form id={form} dataset={dataset} report={report} onChange={onChange} />
    </Dialog>
  )
}
