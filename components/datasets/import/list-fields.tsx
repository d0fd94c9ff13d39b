'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { type ImportPlan, WrappedList } from '#lib/training-data/formats/plan.ts'

const SPLITS = WrappedList.shape.split.options

/** For a file that is one object: the split for the records of each of its lists. */
export function ListFields({ plan, onChange }: { plan: ImportPlan; onChange: (plan: ImportPlan) => void }) {
  const t = useTranslations('imports.lists')
  const { lists = [] } = plan
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 font-medium">{t('label')}</legend>
      {lists.map((list, index) => (
        <Field key={list.name} label={list.name}>
          <Select
            value={list.split}
            options={SPLITS.map((split) => ({ value: split, label: t(split) }))}
            onValueChange={(split) => onChange({ ...plan, lists: lists.with(index, { ...list, split }) })}
          />
        </Field>
      ))}
    </fieldset>
  )
}
