'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { exportAddress, exportLossesQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary, ExportLosses } from '#lib/datasets/schema.ts'
import { type Loss, type WriteTarget, writeTargets } from '#lib/training-data/formats/write-target.ts'

export interface ExportDialogProps {
  dataset: DatasetSummary
  open: boolean
  onOpenChange: (open: boolean) => void
}

const SIDES = ['all', 'train', 'heldout'] as const
type Side = (typeof SIDES)[number]

function Counts({ title, counts }: { title: string; counts: Partial<Record<Loss, number>> }) {
  const t = useTranslations('datasets.export.loss')
  const told = Object.entries(counts) as [Loss, number][]
  if (told.length === 0) return null
  return (
    <section className="grid gap-1">
      <h3 className="font-semibold">{title}</h3>
      <ul className="grid list-disc gap-1 ps-4">
        {told.map(([loss, count]) => (
          <li key={loss}>{t(loss, { count })}</li>
        ))}
      </ul>
    </section>
  )
}

/** What the format cannot represent, shown before the file is written. */
function Losses({ losses: { kept, lost, leftOut } }: { losses: ExportLosses }) {
  const t = useTranslations('datasets.export')
  const isWhole = Object.keys(lost).length + Object.keys(leftOut).length === 0
  const words = isWhole ? t('whole', { kept }) : kept > 0 ? t('kept', { kept }) : t('none')
  return (
    <div role="status" className="grid gap-3">
      <State tone={isWhole ? 'ok' : 'warn'}>{words}</State>
      <Counts title={t('lostTitle')} counts={lost} />
      <Counts title={t('leftOutTitle')} counts={leftOut} />
    </div>
  )
}

/** Exports the rows in another trainer's format. */
export function ExportDialog({ dataset, open, onOpenChange }: ExportDialogProps) {
  const t = useTranslations('datasets.export')
  const split = useTranslations('datasets.row')
  const [format, setFormat] = useState<WriteTarget>('huggingface')
  const [side, setSide] = useState<Side>('all')
  const choice = { format, split: side === 'all' ? undefined : side }
  const { data, error } = useQuery({
    ...exportLossesQuery(dataset.id, dataset.revision, choice),
    enabled: open,
  })
  return (
    <Dialog
      title={t('as')}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('close')}</Button>
          {data && data.kept > 0 && (
            <a
              className={buttonClass({ variant: 'primary' })}
              href={exportAddress(dataset.id, choice)}
              download
            >
              {t('download')}
            </a>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        <Field label={t('format')}>
          <Select
            value={format}
            onValueChange={setFormat}
            options={writeTargets.map((target) => ({ value: target, label: t(target) }))}
          />
        </Field>
        <Field label={t('rows')}>
          <Select
            value={side}
            onValueChange={setSide}
            options={SIDES.map((one) => ({ value: one, label: one === 'all' ? t('rowsAll') : split(one) }))}
          />
        </Field>
        {error && <Failure error={error} />}
        {!error && (data ? <Losses losses={data} /> : <p className="text-2">{t('checking')}</p>)}
      </div>
    </Dialog>
  )
}
