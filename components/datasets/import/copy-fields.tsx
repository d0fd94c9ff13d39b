'use client'
import { useTranslations } from 'use-intl'
import { Combobox } from '#components/ui/combobox.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { SplitChoice } from './split-choice.tsx'
import type { Copy } from './use-copy.ts'

const SIDES = ['same', 'train', 'heldout'] as const

/** Selects the dataset to copy rows from, and their split. */
export function CopyFields({ copy }: { copy: Copy }) {
  const t = useTranslations('imports')
  const { others, from, name } = copy
  if (others?.length === 0) return <p className="text-2">{t('copy.none')}</p>
  const options = (others ?? []).map(({ id, name: label, train, heldout }) => ({
    value: id,
    label,
    detail: t('copy.rows', { train: train.examples, heldout: heldout.examples }),
  }))
  return (
    <div className="grid max-w-md gap-4">
      <Field label={t('copy.from')}>
        <Combobox
          label={t('copy.from')}
          value={from?.id ?? null}
          placeholder={t('copy.placeholder')}
          options={options}
          onValueChange={copy.setFrom}
        />
      </Field>
      {from && name !== null && (
        <Field label={t('name')}>
          <Input value={name} onValueChange={copy.setName} />
        </Field>
      )}
      <SplitChoice value={copy.side} options={SIDES} onValueChange={copy.setSide} />
    </div>
  )
}
