'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { ColumnSelect, listed, OptionalColumn, picked, shown } from './column-select.tsx'
import type { Columns } from './mapping.ts'

export interface ColumnFieldsProps {
  columns: readonly string[]
  value: Columns
  onChange: (value: Columns) => void
}

function SystemField({ columns, value, onChange }: ColumnFieldsProps) {
  const t = useTranslations('imports.columns')
  const { system, systemText } = value
  const options = [
    { value: 'none', label: t('systemNone') },
    { value: 'text', label: t('systemText') },
    ...listed(columns),
  ]
  return (
    <>
      <Field label={t('system')}>
        <Select
          value={shown(system, systemText === null ? 'none' : 'text')}
          options={options}
          onValueChange={(choice) =>
            onChange({
              ...value,
              system: picked(choice),
              systemText: choice === 'text' ? (systemText ?? '') : null,
            })
          }
        />
      </Field>
      {systemText !== null && system === null && (
        <Field label={t('systemWords')}>
          <Textarea
            rows={2}
            className="max-h-40"
            value={systemText}
            onValueChange={(words) => onChange({ ...value, systemText: words })}
          />
        </Field>
      )}
    </>
  )
}

/** An optional column. */
function Extra({ part, columns, value, onChange }: ColumnFieldsProps & { part: 'rejected' | 'weight' }) {
  const t = useTranslations('imports.columns')
  return (
    <Field label={t(part)} hint={t(`${part}Hint`)}>
      <OptionalColumn
        columns={columns}
        value={value[part]}
        none={t(`${part}None`)}
        onValueChange={(column) => onChange({ ...value, [part]: column })}
      />
    </Field>
  )
}

/** Maps the columns of the file to the parts of a row. */
export function ColumnFields(props: ColumnFieldsProps) {
  const t = useTranslations('imports.columns')
  const { columns, value, onChange } = props
  const isSame = value.user !== null && value.user === value.assistant
  return (
    <>
      <Field label={t('user')}>
        <ColumnSelect
          columns={columns}
          value={value.user}
          onValueChange={(user) => onChange({ ...value, user })}
        />
      </Field>
      <Field label={t('assistant')} error={isSame ? t('same') : undefined}>
        <ColumnSelect
          columns={columns}
          value={value.assistant}
          onValueChange={(assistant) => onChange({ ...value, assistant })}
        />
      </Field>
      <SystemField {...props} />
      <Extra part="rejected" {...props} />
      <Extra part="weight" {...props} />
    </>
  )
}
