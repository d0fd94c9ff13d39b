'use client'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { setKey, type Turn } from '#lib/training-data/edit.ts'
import { Role } from '#lib/training-data/schema.ts'
import type { OpenCall } from './calls.ts'
import { ImageParts, partsOf } from './image-parts.tsx'
import { TextField } from './text-field.tsx'
import { ToolCalls, toolCallsOf } from './tool-calls.tsx'
import { ToolResult } from './tool-result.tsx'

export interface TurnBodyProps {
  turn: Turn
  /** Number of the turn, from 1, counted across all lists of the line. */
  number: number
  /** Calls that a tool turn at this position could answer. */
  calls: readonly OpenCall[]
  onChange: (raw: string) => void
}

const hinted = ['system', 'user', 'assistant', 'tool'] as const

const isPlain = (content: unknown) => content === undefined || content === null || typeof content === 'string'

/** The content of a turn: text, images, tool calls or a tool result. */
export function TurnBody({ turn, number, calls, onChange }: TurnBodyProps) {
  const t = useTranslations('conversation')
  const { raw, value } = turn
  const { role, content } = value
  const known = Role.safeParse(role).data
  const plain = isPlain(content)
  const parts = plain ? null : partsOf(raw)
  const made = value.tool_calls === undefined ? null : toolCallsOf(raw)
  const unread =
    (!plain && !parts) || (value.tool_calls !== undefined && !made) || value.function_call !== undefined
  const look = {
    'data-turn': number,
    placeholder: made ? undefined : t(`placeholder.${hinted.find((name) => name === role) ?? 'other'}`),
    className: cn(value.weight === 0 && 'bg-sunken! text-3'),
  }
  const field = {
    ...look,
    'aria-label': t('content', { number, role: known ? t(`roles.${known}`) : '–' }),
    value: typeof content === 'string' ? content : '',
    onValueChange: (text: string) => onChange(setKey(raw, 'content', text)),
  }
  return (
    <>
      {role === 'tool' ? (
        <ToolResult
          id={value.tool_call_id}
          calls={calls}
          number={number}
          field={plain ? field : null}
          onId={(id) => onChange(setKey(raw, 'tool_call_id', id))}
        />
      ) : (
        plain && <TextField {...field} />
      )}
      {parts && <ImageParts turn={turn} parts={parts} number={number} field={look} onChange={onChange} />}
      {made && <ToolCalls turn={turn} calls={made} number={number} onChange={onChange} />}
      {unread && <p className="px-2.5 py-1.5 text-3">{t('inJson')}</p>}
    </>
  )
}
