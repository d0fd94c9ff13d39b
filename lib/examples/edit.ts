import { scanJson } from './json.ts'
import { isRecord } from './rules/rule.ts'

/**
 * Changes inside the text of a line. Only what a person touched is written anew: keys, numbers and escapes
 * around it leave as they came.
 */

/** A turn as it stands in the line: its own JSON text, and what that says. */
export interface Turn {
  raw: string
  value: Readonly<Record<string, unknown>>
}

interface Range {
  start: number
  end: number
}

/** The members of the outermost object or array, in order. Of a key that comes twice, both. */
function members(raw: string): ({ key: string | number } & Range)[] {
  const found: ({ key: string | number } & Range)[] = []
  scanJson(raw, (path, start, end) => {
    if (path.length === 1) found.push({ key: path[0] as string | number, start, end })
  })
  return found
}

/** As people write JSON lines: a space behind commas and colons. */
const written = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${written(inner)}`).join(', ')}}`
}

function messagesRange(line: string): Range | null {
  if (scanJson(line).problem) return null
  return members(line).findLast(({ key }) => key === 'messages') ?? null
}

/** The turns of a line, or null when it is not (yet) an object with a list of message objects. */
export function readTurns(line: string): Turn[] | null {
  const range = messagesRange(line)
  if (!range) return null
  const list = line.slice(range.start, range.end)
  if (!list.startsWith('[')) return null
  const turns = members(list).map(({ start, end }) => {
    const raw = list.slice(start, end)
    return { raw, value: JSON.parse(raw) as unknown }
  })
  return turns.every((turn): turn is Turn => isRecord(turn.value)) ? turns : null
}

/** The line with other turns, given as JSON texts. */
export function writeTurns(line: string, turns: readonly string[]): string {
  const range = messagesRange(line)
  if (!range) return line
  return `${line.slice(0, range.start)}[${turns.join(', ')}]${line.slice(range.end)}`
}

/** A turn with one key set, or removed when `value` is undefined. The other keys keep their text and order. */
export function setKey(turn: string, key: string, value: unknown): string {
  const entries = members(turn).map(({ key, start, end }) => [String(key), turn.slice(start, end)] as const)
  const known = entries.some(([name]) => name === key)
  const kept = entries.flatMap(([name, raw]) => {
    if (name !== key) return [[name, raw] as const]
    return value === undefined ? [] : [[name, written(value)] as const]
  })
  const all = known || value === undefined ? kept : [...kept, [key, written(value)] as const]
  return `{${all.map(([name, raw]) => `${JSON.stringify(name)}: ${raw}`).join(', ')}}`
}

/** A new turn's JSON text. */
export const newTurn = (role: string, content = ''): string => written({ role, content })

/** A new line's JSON text. */
export const newLine = (messages: readonly { role: string; content: string }[]): string =>
  written({ messages })
