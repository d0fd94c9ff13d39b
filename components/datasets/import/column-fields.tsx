'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import type { Columns } from './mapping.ts'

export interface ColumnFieldsProps {
  columns: readonly string[]
  value: Columns
  onChange: (value: Columns) => void
}

/** Columns are told from the other choices of the same list, whatever they are called. */
const COLUMN = 'column:'
const listed = (columns: readonly string[]) =>
  columns.map((column) => ({ value: `${COLUMN}${column}`, label: column }))
const picked = (choice: string): string | null =>
  choice.startsWith(COLUMN) ? choice.slice(COLUMN.length) : null
const shown = (column: string | null, otherwise = 'none'): string =>
  column === null ? otherwise : `${COLUMN}${column}`

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

/** A column that need not be there. */
function Extra({ part, columns, value, onChange }: ColumnFieldsProps & { part: 'rejected' | 'weight' }) {
  const t = useTranslations('imports.columns')
  return (
    <Field label={t(part)} hint={t(`${part}Hint`)}>
      <Select
        value={shown(value[part])}
        options={[{ value: 'none', label: t(`${part}None`) }, ...listed(columns)]}
        onValueChange={(choice) => onChange({ ...value, [part]: picked(choice) })}
      />
    </Field>
  )
}

/** Says which column is which. */
export function ColumnFields(props: ColumnFieldsProps) {
  const t = useTranslations('imports.columns')
  const { columns, value, onChange } = props
  const options = columns.map((column) => ({ value: column, label: column }))
  return (
    <>
      <Field label={t('user')}>
        <Select value={value.user} options={options} onValueChange={(user) => onChange({ ...value, user })} />
      </Field>
      <Field label={t('assistant')} error={value.user === value.assistant ? t('same') : undefined}>
        <Select
          value={value.assistant}
          options={options}
          onValueChange={(assistant) => onChange({ ...value, assistant })}
        />
      </Field>
      <SystemField {...props} />
      <Extra part="rejected" {...props} />
      <Extra part="weight" {...props} />
    </>
  )
}
