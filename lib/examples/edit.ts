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

/** What stands between the members of a list, the brackets' insides included: one more than there are members. */
function gaps(list: string): string[] {
  const ranges = members(list)
  const starts = [...ranges.map(({ start }) => start), list.length - 1]
  const ends = [1, ...ranges.map(({ end }) => end)]
  return starts.map((start, index) => list.slice(ends[index], start))
}

/** The line with other turns, given as JSON texts; the spacing between them stays. */
export function writeTurns(line: string, turns: readonly string[]): string {
  const range = messagesRange(line)
  if (!range) return line
  const [first = '', ...between] = gaps(line.slice(range.start, range.end))
  const last = between.pop() ?? ''
  const comma = between[0] ?? ', '
  const joined = turns.map((turn, index) => (index === 0 ? turn : `${between[index - 1] ?? comma}${turn}`))
  return `${line.slice(0, range.start)}[${first}${joined.join('')}${last}]${line.slice(range.end)}`
}

/** Takes a member and one comma beside it out of an object. */
function without(turn: string, all: readonly Range[], index: number): string {
  const gone = all[index]
  if (!gone) return turn
  const before = all[index - 1]
  if (before) return turn.slice(0, before.end) + turn.slice(gone.end)
  return turn.slice(0, turn.indexOf('"')) + turn.slice(gone.end).replace(/^\s*,\s*/, '')
}

/** Puts a member behind the last one, spaced as the others are. */
function withNew(turn: string, all: readonly Range[], key: string, value: unknown): string {
  const last = all.at(-1)
  if (!last) return written({ [key]: value })
  const [comma, colon] = /^\{\s*"[^"]*":\S/.test(turn) ? [',', ':'] : [', ', ': ']
  return `${turn.slice(0, last.end)}${comma}${JSON.stringify(key)}${colon}${written(value)}${turn.slice(last.end)}`
}

/** A turn with one key set, or removed when `value` is undefined. Everything else keeps its text. */
export function setKey(turn: string, key: string, value: unknown): string {
  const all = members(turn)
  const index = all.findLastIndex((member) => member.key === key)
  const known = all[index]
  if (!known) return value === undefined ? turn : withNew(turn, all, key, value)
  if (value === undefined) return without(turn, all, index)
  return turn.slice(0, known.start) + written(value) + turn.slice(known.end)
}

/** A new turn's JSON text. */
export const newTurn = (role: string, content = ''): string => written({ role, content })

/** A new line's JSON text. */
export const newLine = (messages: readonly { role: string; content: string }[]): string =>
  written({ messages })
