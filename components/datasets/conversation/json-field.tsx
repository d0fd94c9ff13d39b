'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { scanJson } from '#lib/training-data/json.ts'
import { HiddenCharacters } from './hidden-characters.tsx'

export interface JsonFieldProps {
  label: string
  value: string
  hint?: ReactNode
  /** Error to show although the text is valid JSON. */
  error?: ReactNode
  onValueChange: (value: string) => void
}

/** Line and column of an offset, both from 1. */
function placeOf(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** A field for JSON that may be invalid while the user types; a message shows where. */
export function JsonField({ label, value, hint, error, onValueChange }: JsonFieldProps) {
  const t = useTranslations('conversation.calls')
  const { problem } = scanJson(value)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <Field label={label} hint={hint} error={problem ? t('notJson', placeOf(value, problem.offset)) : error}>
        <Textarea
          mono
          dir="ltr"
          spellCheck={false}
          value={value}
          onValueChange={onValueChange}
          className="wrap-anywhere max-h-80"
        />
      </Field>
      <HiddenCharacters text={value} field={label} onText={onValueChange} />
    </div>
  )
}
