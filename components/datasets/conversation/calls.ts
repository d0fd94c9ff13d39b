import { isRecord } from '#lib/training-data/is-record.ts'

type Value = Readonly<Record<string, unknown>>

/** A tool call that a later turn may answer. */
export interface OpenCall {
  id: string
  name: string
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)

/** The tool calls of a turn that have an id. */
const callsOf = ({ role, tool_calls }: Value): OpenCall[] =>
  role === 'assistant' && Array.isArray(tool_calls)
    ? tool_calls.filter(isRecord).flatMap((call) => {
        const name = isRecord(call.function) ? textOr(call.function.name, '') : ''
        return typeof call.id === 'string' ? [{ id: call.id, name }] : []
      })
    : []

/** Calls before a turn that no turn in between has answered. */
export function openCalls(turns: readonly { value: Value }[], index: number): OpenCall[] {
  const above = turns.slice(0, index).map(({ value }) => value)
  const answered = new Set(
    above.map(({ role, tool_call_id }) => (role === 'tool' ? tool_call_id : undefined)),
  )
  const made = new Map(above.flatMap(callsOf).map((call) => [call.id, call]))
  return [...made.values()].filter(({ id }) => !answered.has(id))
}
