import { rawAt, readItems, readTurns, setAt, setKey, writeTurns } from '../edit.ts'
import { isRecord } from '../is-record.ts'
import type { LooseLine, LooseMessage } from '../rules/rule.ts'

const call = (id: string, raw: string): string => `[{"id": "${id}", "type": "function", "function": ${raw}}]`

/** Replaces a member by another key with the given JSON, or appends it. */
const renamed = (turn: string, from: string, to: string, raw: string): string => {
  const bare = setKey(turn, from, undefined)
  const inside = bare.trimEnd().slice(0, -1).trimEnd()
  return `${inside}${inside.endsWith('{') ? '' : ', '}${JSON.stringify(to)}: ${raw}}`
}

/** A turn of 2023 in today's form; `ids` counts the calls of the line. */
function turned(
  turn: string,
  message: LooseMessage,
  ids: { last: number },
  called: { name: unknown },
): string {
  if (isRecord(message.function_call)) {
    called.name = message.function_call.name
    const raw = rawAt(turn, ['function_call'])
    return raw === null ? turn : renamed(turn, 'function_call', 'tool_calls', call(`call_${++ids.last}`, raw))
  }
  if (message.role !== 'function' || ids.last === 0) return turn
  // The call already has the function's name.
  const named = message.name === called.name ? setKey(turn, 'name', undefined) : turn
  return setKey(setKey(named, 'role', 'tool'), 'tool_call_id', `call_${ids.last}`)
}

/** A line with `functions` and `function_call` converted to tools and calls, with generated ids. */
export function asTools(text: string, { value, conversations }: LooseLine): string {
  const turns = readTurns(text)
  const messages = conversations[0]?.messages ?? []
  if (!turns) return text
  const [ids, called] = [{ last: 0 }, { name: null as unknown }]
  const fixed = writeTurns(
    text,
    turns.map(({ raw }, index) => turned(raw, messages[index] ?? {}, ids, called)),
  )
  const specs = value.tools === undefined ? readItems(fixed, ['functions']) : null
  if (!specs) return fixed
  const tools = specs.map(({ raw }) => `{"type": "function", "function": ${raw}}`).join(', ')
  return renamed(setAt(fixed, ['functions'], undefined), 'functions', 'tools', `[${tools}]`)
}
