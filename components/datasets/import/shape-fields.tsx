'use client'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'
import { Select } from '#components/ui/select.tsx'
import type { Mapping, MappingOf } from '#lib/training-data/formats/plan.ts'
import { ColumnFields } from './column-fields.tsx'
import { ColumnSelect, OptionalColumn } from './column-select.tsx'

export interface ShapeFieldsProps<Chosen extends Mapping = Mapping> {
  columns: readonly string[]
  value: Chosen
  onChange: (value: Mapping) => void
}

interface CardsProps<Choice extends string> {
  label: string
  value: Choice | null
  options: { value: Choice; label: string; hint: string }[]
  onValueChange: (choice: Choice) => void
}

/** A choice whose options each need a sentence of explanation. */
const Cards = <Choice extends string>({ label, ...rest }: CardsProps<Choice>) => (
  <fieldset className="grid gap-1.5">
    <legend className="mb-1.5 font-medium">{label}</legend>
    <RadioCards label={label} className="sm:grid-cols-1!" {...rest} />
  </fieldset>
)

function ThumbsFields({ columns, value, onChange }: ShapeFieldsProps<MappingOf<'thumbs'>>) {
  const t = useTranslations('imports.thumbs')
  return (
    <>
      <Field label={t('column')}>
        <ColumnSelect
          columns={columns}
          value={value.label}
          onValueChange={(label) => onChange({ ...value, label })}
        />
      </Field>
      <Cards
        label={t('label')}
        value={value.keep}
        onValueChange={(keep) => onChange({ ...value, keep })}
        options={(['liked', 'pairs'] as const).map((keep) => ({
          value: keep,
          label: t(keep),
          hint: t(`${keep}Hint`),
        }))}
      />
    </>
  )
}

function TreeFields({ value, onChange }: ShapeFieldsProps<MappingOf<'chat-tree' | 'message-tree'>>) {
  const t = useTranslations('imports.tree')
  return (
    <Cards
      label={t('label')}
      value={value.retries}
      onValueChange={(retries) => onChange({ ...value, retries })}
      options={(['leave', 'pairs'] as const).map((retries) => ({
        value: retries,
        label: t(retries),
        hint: t(`${retries}Hint`),
      }))}
    />
  )
}

function TurnFields({ columns, value, onChange }: ShapeFieldsProps<MappingOf<'turns'>>) {
  const t = useTranslations('imports.turns')
  return (
    <>
      {(['conversation', 'speaker', 'text'] as const).map((part) => (
        <Field key={part} label={t(part)}>
          <ColumnSelect
            columns={columns}
            value={value[part]}
            onValueChange={(column) => onChange({ ...value, [part]: column })}
          />
        </Field>
      ))}
      <Field label={t('order')}>
        <OptionalColumn
          columns={columns}
          value={value.order}
          none={t('orderNone')}
          onValueChange={(order) => onChange({ ...value, order })}
        />
      </Field>
    </>
  )
}

/** Whose messages are trained, and how a chat is cut into rows. */
function LogFields({ columns, value, onChange }: ShapeFieldsProps<MappingOf<'chat-log'>>) {
  const t = useTranslations('imports.log')
  return (
    <>
      <Field label={t('assistant')}>
        <Select
          value={value.assistant}
          placeholder={t('choose')}
          options={columns.map((name) => ({ value: name, label: name }))}
          onValueChange={(assistant) => onChange({ ...value, assistant })}
        />
      </Field>
      <Cards
        label={t('rows')}
        value={value.rows}
        onValueChange={(rows) => onChange({ ...value, rows })}
        options={(['conversation', 'exchange'] as const).map((rows) => ({
          value: rows,
          label: t(rows),
          hint: t(`${rows}Hint`),
        }))}
      />
    </>
  )
}

/** Decisions about records of a shape that only the user can make. */
export function ShapeFields({ columns, value, onChange }: ShapeFieldsProps) {
  const rest = { columns, onChange }
  switch (value.shape) {
    case 'columns':
      return <ColumnFields {...rest} value={value} />
    case 'thumbs':
      return <ThumbsFields {...rest} value={value} />
    case 'chat-tree':
    case 'message-tree':
      return <TreeFields {...rest} value={value} />
    case 'chat-log':
      return <LogFields {...rest} value={value} />
    case 'turns':
      return <TurnFields {...rest} value={value} />
    default:
      return null
  }
}
