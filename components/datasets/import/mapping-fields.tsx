'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { containers, delimiterName, delimiters, shapes, withContainer, withShape } from './mapping.ts'
import { ShapeFields } from './shape-fields.tsx'

export interface MappingFieldsProps {
  plan: ImportPlan
  columns: readonly string[]
  onChange: (plan: ImportPlan) => void
}

const delimiterNames = Object.keys(delimiters) as (keyof typeof delimiters)[]

/** How the file is read, and how its records become rows. */
export function MappingFields({ plan, columns, onChange }: MappingFieldsProps) {
  const t = useTranslations('imports')
  const { container, delimiter, mapping } = plan
  return (
    <>
      <Field label={t('container.label')}>
        <Select
          value={container}
          options={containers.map((value) => ({ value, label: t(`container.${value}`) }))}
          onValueChange={(value) => onChange(withContainer(plan, value))}
        />
      </Field>
      {container === 'csv' && (
        <Field label={t('delimiter.label')}>
          <Select
            value={delimiterName(delimiter)}
            options={delimiterNames.map((value) => ({ value, label: t(`delimiter.${value}`) }))}
            onValueChange={(name) => onChange({ ...plan, delimiter: delimiters[name] })}
          />
        </Field>
      )}
      {container === 'csv' && (
        <Field label={t('firstLine.label')}>
          <Select
            value={plan.headless ? 'row' : 'heading'}
            options={(['heading', 'row'] as const).map((value) => ({
              value,
              label: t(`firstLine.${value}`),
            }))}
            onValueChange={(value) => onChange({ ...plan, headless: value === 'row' ? true : undefined })}
          />
        </Field>
      )}
      <Field label={t('shape.label')}>
        <Select
          value={mapping.shape}
          options={(mapping.shape === 'foreign' ? [...shapes, 'foreign' as const] : shapes).map((value) => ({
            value,
            label: t(`shape.${value}`),
          }))}
          onValueChange={(shape) => onChange(withShape(plan, shape, columns))}
        />
      </Field>
      <ShapeFields
        columns={columns}
        value={mapping}
        onChange={(next) => onChange({ ...plan, mapping: next })}
      />
    </>
  )
}
