'use client'
import Trash from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { rawAt, setAt, setRaw } from '#lib/training-data/edit.ts'
import { scanJson } from '#lib/training-data/json.ts'
import { HiddenCharacters } from './hidden-characters.tsx'
import { JsonField } from './json-field.tsx'

export interface ToolFormProps {
  /** The definition as JSON, as stored in the line. */
  raw: string
  number: number
  onChange: (raw: string) => void
  onRemove: () => void
}

const parametersPath = ['function', 'parameters']

/** Pretty-printed, unless that would change a number or drop a duplicate key. */
function pretty(raw: string): string {
  const { problem, oddities } = scanJson(raw)
  return problem || oddities.length > 0 ? raw : JSON.stringify(JSON.parse(raw), null, 2)
}

/** On one line: line breaks between JSON values are only whitespace. */
const oneLine = (json: string): string =>
  json
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')

const isObject = (text: string): boolean => scanJson(text).problem === null && text.trim().startsWith('{')

/** The parameters while the user types. They are written to the line once they are a JSON object. */
function useParameters(raw: string, onChange: (raw: string) => void) {
  const stored = rawAt(raw, parametersPath)
  const [draft, setDraft] = useState<{ text: string; of: string | null } | null>(null)
  const write = (text: string) => {
    const json = isObject(text) ? oneLine(text) : stored
    setDraft({ text, of: json })
    if (json === null || json === stored) return
    onChange(setRaw(stored === null ? setAt(raw, parametersPath, {}) : raw, parametersPath, json))
  }
  // The draft is valid while the line still has the value that the draft produced.
  const text = draft && draft.of === stored ? draft.text : pretty(stored ?? '{}')
  return { text, write }
}

const textAt = (raw: string, key: string): string => {
  const value = JSON.parse(rawAt(raw, ['function', key]) ?? '""') as unknown
  return typeof value === 'string' ? value : ''
}

/** The definition of a tool: name, description and parameters. */
export function ToolForm({ raw, number, onChange, onRemove }: ToolFormProps) {
  const t = useTranslations('conversation.tools')
  const { text, write } = useParameters(raw, onChange)
  const description = textAt(raw, 'description')
  const describe = (value: string) => onChange(setAt(raw, ['function', 'description'], value))
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)] min-w-0 gap-2 rounded-md border p-2.5">
      <legend className="sr-only">{t('tool', { tool: number })}</legend>
      <div className="flex items-end gap-2">
        <Field label={t('name')} className="flex-1">
          <Input
            size="sm"
            mono
            dir="ltr"
            value={textAt(raw, 'name')}
            onValueChange={(value) => onChange(setAt(raw, ['function', 'name'], value))}
          />
        </Field>
        <IconButton size="sm" label={t('remove', { tool: number })} onClick={onRemove}>
          <Trash size={14} aria-hidden />
        </IconButton>
      </div>
      <Field label={t('description')}>
        <Textarea value={description} onValueChange={describe} />
      </Field>
      <HiddenCharacters text={description} field={t('description')} onText={describe} />
      <JsonField
        label={t('parameters')}
        hint={t('parametersHint')}
        error={isObject(text) ? undefined : t('notObject')}
        value={text}
        onValueChange={write}
      />
    </fieldset>
  )
}
