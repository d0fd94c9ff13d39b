'use client'
import Trash from 'lucide-react/icons/trash-2'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { randomText } from '#lib/core/ids.ts'
import { readItems, setAt, setKey, type Turn, writeItems, written } from '#lib/training-data/edit.ts'
import { isRecord } from '#lib/training-data/is-record.ts'
import { JsonField } from './json-field.tsx'

const isCall = ({ value }: Turn) =>
  isRecord(value.function) &&
  typeof value.function.name === 'string' &&
  typeof value.function.arguments === 'string'

/** The tool calls of a turn, or null if they are not a list of function calls. */
export function toolCallsOf(raw: string): Turn[] | null {
  const calls = readItems(raw, ['tool_calls'])
  return calls?.every(isCall) ? calls : null
}

/** The turn with one more call, whose tool has no name yet. */
export function withCall({ raw }: Turn): string {
  const call = {
    id: `call_${randomText(8)}`,
    type: 'function',
    function: { name: '', arguments: '{}' },
  }
  const calls = readItems(raw, ['tool_calls'])
  if (!calls) return setKey(raw, 'tool_calls', [call])
  return writeItems(raw, [...calls.map((one) => one.raw), written(call)], ['tool_calls'])
}

interface CallProps {
  value: Turn['value']
  /** From 1. */
  call: number
  number: number
  onSet: (key: 'name' | 'arguments', value: string) => void
  onRemove: () => void
}

function Call({ value, call, number, onSet, onRemove }: CallProps) {
  const t = useTranslations('conversation.calls')
  const { name, arguments: text } = value.function as { name: string; arguments: string }
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)] min-w-0 gap-2 rounded-md border p-2.5">
      <legend className="sr-only">{t('title', { call, number })}</legend>
      <div className="flex items-end gap-2">
        <Field label={t('name')} className="flex-1">
          <Input size="sm" mono dir="ltr" value={name} onValueChange={(next) => onSet('name', next)} />
        </Field>
        {typeof value.id === 'string' && (
          <TruncatedId id={value.id} copy copyLabel={t('id')} className="text-3" />
        )}
        <IconButton size="sm" label={t('remove', { call })} onClick={onRemove}>
          <Trash size={14} aria-hidden />
        </IconButton>
      </div>
      <JsonField label={t('arguments')} value={text} onValueChange={(next) => onSet('arguments', next)} />
    </fieldset>
  )
}

export interface ToolCallsProps {
  turn: Turn
  calls: readonly Turn[]
  number: number
  onChange: (raw: string) => void
}

/** The tool calls of an assistant turn. */
export function ToolCalls({ turn, calls, number, onChange }: ToolCallsProps) {
  const raws = calls.map(({ raw }) => raw)
  const write = (next: readonly string[]) =>
    onChange(
      next.length === 0
        ? setKey(turn.raw, 'tool_calls', undefined)
        : writeItems(turn.raw, next, ['tool_calls']),
    )
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2 px-2.5 pt-1">
      {calls.map(({ raw, value }, index) => (
        <Call
          // biome-ignore lint/suspicious/noArrayIndexKey: a call is identified by its position
          key={index}
          value={value}
          call={index + 1}
          number={number}
          onSet={(key, next) => write(raws.with(index, setAt(raw, ['function', key], next)))}
          onRemove={() => write(raws.toSpliced(index, 1))}
        />
      ))}
    </div>
  )
}
