'use client'
import { useTranslations } from 'use-intl'
import { middle } from '#components/ui/format.ts'
import { Select } from '#components/ui/select.tsx'
import type { OpenCall } from './calls.ts'
import { TextField, type TextFieldProps } from './text-field.tsx'

export interface ToolResultProps {
  /** The id of the answered call. */
  id: unknown
  calls: readonly OpenCall[]
  number: number
  /** The field for the tool's answer; null if it is edited elsewhere. */
  field: TextFieldProps | null
  onId: (id: string) => void
}

/** The answer of a tool, and the call that it belongs to. */
export function ToolResult({ id, calls, number, field, onId }: ToolResultProps) {
  const t = useTranslations('conversation.result')
  const chosen = calls.find((call) => call.id === id)?.id ?? null
  const dangling = typeof id === 'string' && id !== '' ? middle(id) : t('none')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
      <span className="max-w-80 ps-2.5">
        <Select
          size="sm"
          aria-label={t('call', { number })}
          value={chosen}
          placeholder={dangling}
          disabled={calls.length === 0}
          options={calls.map((call) => ({
            value: call.id,
            label: call.name || middle(call.id),
            detail: <bdi dir="ltr">{middle(call.id)}</bdi>,
          }))}
          onValueChange={onId}
        />
      </span>
      {field && <TextField {...field} />}
    </div>
  )
}
