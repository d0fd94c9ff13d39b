'use client'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { NumberField } from '#components/ui/number-field.tsx'
import type { BulkChange, DatasetSummary } from '#lib/datasets/schema.ts'
import { useCopy } from '../use-copy.ts'

export interface SplitDialogProps {
  dataset: DatasetSummary
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Requests the change, which the user reviews before it is applied. */
  onChange: (change: BulkChange) => void
}

/** Percent. */
const USUAL = 20
const MAX_SHARE = 50
const SEED = 42
const MAX_SEED = 2_147_483_647

interface FormProps {
  id: string
  dataset: DatasetSummary
  onChange: (change: BulkChange) => void
}

function Form({ id, dataset: { train, heldout }, onChange }: FormProps) {
  const t = useTranslations('issues.split')
  const [share, setShare] = useState<number | null>(USUAL)
  const [seed, setSeed] = useState<number | null>(SEED)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (share !== null && seed !== null) onChange({ kind: 'deal', heldout: share / 100, seed })
  }
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-2 tabular-nums">{t('now', { train: train.examples, heldout: heldout.examples })}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('share')} hint={t('shareHint')} error={share === null && t('shareEmpty')}>
          <NumberField
            value={share}
            onValueChange={setShare}
            min={0}
            max={MAX_SHARE}
            step={5}
            fractionDigits={1}
            stepper
          />
        </Field>
        <Field label={t('seed')} hint={t('seedHint')} error={seed === null && t('seedEmpty')}>
          <NumberField
            value={seed}
            onValueChange={(next) => setSeed(next === null ? null : Math.round(next))}
            min={0}
            max={MAX_SEED}
            fractionDigits={0}
          />
        </Field>
      </div>
    </form>
  )
}

/** Splits the rows again at random into training and held-out rows. */
export function SplitDialog({ dataset, open, onOpenChange, onChange }: SplitDialogProps) {
  const t = useTranslations('issues')
  const words = useTranslations('datasets')
  const form = useId()
  const copy = useCopy(dataset)
  const locked = dataset.splitLocked
  const title = dataset.heldout.examples > 0 ? 'split.titleAgain' : 'split.title'
  return (
    <Dialog
      title={t(locked ? 'split.lockedTitle' : title)}
      description={locked ? undefined : t('split.sentence')}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t(locked ? 'close' : 'cancel')}</Button>
          {locked ? (
            <Button
              variant="primary"
              busy={copy.isPending}
              busyLabel={words('copying')}
              onClick={() => copy.mutate()}
            >
              {words('copyToNew')}
            </Button>
          ) : (
            <Button variant="primary" type="submit" form={form} disabled={dataset.busy} reason={t('busy')}>
              {t('review')}
            </Button>
          )}
        </>
      }
    >
      {copy.error && <Failure title={words('copyFailed')} error={copy.error} />}
      {locked ? <Note>{t('split.locked')}</Note> : <Form id={form} dataset={dataset} onChange={onChange} />}
    </Dialog>
  )
}
