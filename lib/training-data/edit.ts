import { isRawNumber } from './exact.ts'
import { isRecord } from './is-record.ts'
import { scanJson } from './json.ts'

/**
 * Edits inside the text of a line. Only the edited value is rewritten: keys, numbers and escapes around it keep
 * their bytes.
 */

/** A turn in a line: its JSON text, and the parsed value. */
export interface Turn {
  raw: string
  value: Readonly<Record<string, unknown>>
}

interface Range {
  start: number
  end: number
}

/** The members of the outermost object or array, in order; of a duplicate key, both. */
function members(raw: string): ({ key: string | number } & Range)[] {
  const found: ({ key: string | number } & Range)[] = []
  scanJson(raw, (path, start, end) => {
    if (path.length === 1) found.push({ key: path[0] as string | number, start, end })
  })
  return found
}

/** JSON on one line, with a space after commas and colons. */
export const written = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (!isRecord(value) || isRawNumber(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${written(inner)}`).join(', ')}}`
}

/** Paths to the lists of turns in a line: a conversation's, or the three of a preference pair. */
const turnLists = ['messages', 'input.messages', 'preferred_output', 'non_preferred_output'] as const
export type TurnList = (typeof turnLists)[number]

/** Keys of objects and indexes of lists, from the outside in. */
export type Keys = readonly (string | number)[]

/** Range of the value at a path; of a duplicate key, the last. */
function rangeOf(text: string, [key, ...rest]: Keys, offset = 0): Range | null {
  if (key === undefined) return { start: offset, end: offset + text.length }
  const member = members(text).findLast((one) => one.key === key)
  if (!member) return null
  return rangeOf(text.slice(member.start, member.end), rest, offset + member.start)
}

function listRange(text: string, path: Keys): Range | null {
  const range = scanJson(text).problem ? null : rangeOf(text, path)
  return range && text[range.start] === '[' ? range : null
}

/** The lists of turns in a line, in the order of `turnLists`; none while it is not JSON. */
export function turnListsOf(line: string): TurnList[] {
  return turnLists.filter((list) => listRange(line, list.split('.')) !== null)
}

/** The objects of the list at a path; null when there is no such list. */
export function readItems(text: string, path: Keys): Turn[] | null {
  const range = listRange(text, path)
  if (!range) return null
  const list = text.slice(range.start, range.end)
  const items = members(list).map(({ start, end }) => {
    const raw = list.slice(start, end)
    return { raw, value: JSON.parse(raw) as unknown }
  })
  return items.every((item): item is Turn => isRecord(item.value)) ? items : null
}

/** The turns of a line; null while it is not an object with such a list of message objects. */
export const readTurns = (line: string, where: TurnList = 'messages'): Turn[] | null =>
  readItems(line, where.split('.'))

/** The text before, between and after the members of a list, brackets excluded: one more than there are members. */
function gaps(list: string): string[] {
  const ranges = members(list)
  const starts = [...ranges.map(({ start }) => start), list.length - 1]
  const ends = [1, ...ranges.map(({ end }) => end)]
  return starts.map((start, index) => list.slice(ends[index], start))
}

/** The text with other members, given as JSON, in the list at a path; keeps the spacing between members. */
export function writeItems(text: string, items: readonly string[], path: Keys): string {
  const range = listRange(text, path)
  if (!range) return text
  const [first = '', ...between] = gaps(text.slice(range.start, range.end))
  const last = between.pop() ?? ''
  const comma = between[0] ?? ', '
  const joined = items.map((item, index) => (index === 0 ? item : `${between[index - 1] ?? comma}${item}`))
  return `${text.slice(0, range.start)}[${first}${joined.join('')}${last}]${text.slice(range.end)}`
}

/** The line with its turns replaced, given as JSON texts. */
export const writeTurns = (line: string, turns: readonly string[], where: TurnList = 'messages'): string =>
  writeItems(line, turns, where.split('.'))

/** Removes a member and one comma beside it from an object. */
function without(turn: string, all: readonly Range[], index: number): string {
  const gone = all[index]
  if (!gone) return turn
  const before = all[index - 1]
  if (before) return turn.slice(0, before.end) + turn.slice(gone.end)
  return turn.slice(0, turn.indexOf('"')) + turn.slice(gone.end).replace(/^\s*,\s*/, '')
}

/** Appends a member, spaced as the others are. */
function withNew(turn: string, all: readonly Range[], key: string, value: unknown): string {
  const last = all.at(-1)
  if (!last) return written({ [key]: value })
  const [comma, colon] = /^\{\s*"[^"]*":\S/.test(turn) ? [',', ':'] : [', ', ': ']
  return `${turn.slice(0, last.end)}${comma}${JSON.stringify(key)}${colon}${written(value)}${turn.slice(last.end)}`
}

/** A turn with one key set, or removed when `value` is undefined. The rest keeps its text. */
export function setKey(turn: string, key: string, value: unknown): string {
  const all = members(turn)
  const index = all.findLastIndex((member) => member.key === key)
  const known = all[index]
  if (!known) return value === undefined ? turn : withNew(turn, all, key, value)
  if (value === undefined) return without(turn, all, index)
  return turn.slice(0, known.start) + written(value) + turn.slice(known.end)
}

/** The JSON text of the value at a path of keys; null where there is none. */
export function rawAt(line: string, path: Keys): string | null {
  const range = scanJson(line).problem ? null : rangeOf(line, path)
  return range && line.slice(range.start, range.end)
}

/** A line with the value at a path of keys set, or removed when `value` is undefined; its parents must exist. */
export function setAt(line: string, path: Keys, value: unknown): string {
  const [key, parents] = [path.at(-1), path.slice(0, -1)]
  const range = scanJson(line).problem ? null : rangeOf(line, parents)
  if (typeof key !== 'string' || !range || line[range.start] !== '{') return line
  return (
    line.slice(0, range.start) +
    setKey(line.slice(range.start, range.end), key, value) +
    line.slice(range.end)
  )
}

/** The text with the value at a path replaced by another JSON text; unchanged when there is none. */
export function setRaw(text: string, path: Keys, raw: string): string {
  const range = scanJson(text).problem ? null : rangeOf(text, path)
  return range ? text.slice(0, range.start) + raw + text.slice(range.end) : text
}

/** JSON text of a turn. */
export const newTurn = (role: string, content = ''): string => written({ role, content })

/** A new line's JSON text. */
export const newLine = (messages: readonly { role: string; content: string }[]): string =>
  written({ messages })

/** A line to fill in: an optional system prompt, an empty question and an empty answer. */
export function blankLine(system: string | null): string {
  const turns = [
    { role: 'user', content: '' },
    { role: 'assistant', content: '' },
  ]
  return newLine(system === null ? turns : [{ role: 'system', content: system }, ...turns])
}

/** A new preference pair's JSON text: a prompt, and a better and a worse answer to it. */
export const newPair = (
  messages: readonly { role: string; content: string }[],
  preferred: string,
  other: string,
): string =>
  written({
    input: { messages },
    preferred_output: [{ role: 'assistant', content: preferred }],
    non_preferred_output: [{ role: 'assistant', content: other }],
  })
