'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { type Encoding, encodings } from '#lib/training-data/formats/encoding.ts'
import type { Review } from './use-review.ts'

/** The text encoding of the file. Nothing is selected if the bytes do not reveal it. */
export function EncodingField({ review: { preview, setEncoding } }: { review: Review }) {
  const t = useTranslations('imports.encoding')
  const found = preview?.encoding
  const value: Encoding | null = found ? (found.certain ? found.encoding : null) : 'utf-8'
  return (
    <Field label={t('label')} hint={found && t(found.certain ? 'decoded' : 'unsure')}>
      <Select
        value={value}
        placeholder={t('placeholder')}
        options={encodings.map((encoding) => ({ value: encoding, label: t(encoding) }))}
        onValueChange={setEncoding}
      />
    </Field>
  )
}
