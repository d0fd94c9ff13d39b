import { written } from '../edit.ts'
import { scanJson } from '../json.ts'
import { readLoose } from '../loose-json.ts'
import { isRecord, kindOf } from '../rules/rule.ts'
import { flat } from './flat.ts'
import type { ImportProblem, Mapping, Refused } from './plan.ts'

type Converted = { line: string } | Refused

type Named = Readonly<Record<string, unknown>>
type Turn = Readonly<Record<string, unknown>>

/** Not an exception for callers: `convert` turns it into data. */
class Refusal extends Error {
  readonly refused: Refused
  constructor(problem: ImportProblem, values: Refused['values'] = {}) {
    super(problem)
    this.refused = { problem, values }
  }
}

const own = (record: Named, key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined)

/** A cell as text. Whole numbers and truth values are written out; anything else would be a guess. */
function textOf(value: unknown, column: string): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) throw new Refusal('missing-column', { column })
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  throw new Refusal('not-text', { column, kind: kindOf(value) })
}

function filled(record: Named, column: string): string {
  const text = textOf(own(record, column), column)
  if (text.trim() === '') throw new Refusal('empty-cell', { column })
  return text
}

/** Text that may be absent. */
function optional(record: Named, column: string | null): string {
  const value = column === null ? undefined : own(record, column)
  return value === undefined || value === null ? '' : textOf(value, column ?? '')
}

const turn = (role: string, content: string): Turn => ({ role, content })
const systemTurns = (text: string): Turn[] => (text.trim() === '' ? [] : [turn('system', text)])

const isTurns = (value: unknown): value is Turn[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isRecord(item) && 'role' in item)

/** A cell that holds what `role` says, or a list of messages that says it. */
function turnsOf(record: Named, column: string, role: string): readonly Turn[] {
  const value = unpacked(own(record, column))
  return isTurns(value) ? value : [turn(role, filled(record, column))]
}

const oneLine = (value: object): Converted => ({ line: written(value) })

/** The old models asked for a space before every completion; it is no part of the answer. */
function fromPrompt(record: Named): Converted {
  const { completion } = record
  const bare =
    typeof completion === 'string' ? { ...record, completion: completion.replace(/^ (?=\S)/, '') } : record
  return oneLine({
    messages: [...turnsOf(record, 'prompt', 'user'), ...turnsOf(bare, 'completion', 'assistant')],
  })
}

function pairs(history: unknown): Turn[] {
  if (history === undefined || history === null) return []
  if (!Array.isArray(history)) throw new Refusal('not-text', { column: 'history', kind: kindOf(history) })
  return history.flatMap((pair: unknown, index) => {
    const [asked, answered] = Array.isArray(pair) ? (pair as unknown[]) : []
    if (typeof asked !== 'string' || typeof answered !== 'string')
      throw new Refusal('bad-turn', { turn: index + 1 })
    return [turn('user', asked), turn('assistant', answered)]
  })
}

function fromAlpaca(record: Named): Converted {
  const input = optional(record, 'input')
  const asked = filled(record, 'instruction') + (input.trim() === '' ? '' : `\n\n${input}`)
  const messages = [
    ...systemTurns(optional(record, 'system')),
    ...pairs(own(record, 'history')),
    turn('user', asked),
    turn('assistant', filled(record, 'output')),
  ]
  return oneLine({ messages })
}

const speakers: ReadonlyMap<unknown, string> = new Map(
  Object.entries({
    system: ['system'],
    user: ['human', 'user', 'prompter'],
    assistant: ['gpt', 'assistant', 'chatgpt', 'bing', 'bard', 'model', 'bot'],
  }).flatMap(([role, names]) => names.map((name) => [name, role])),
)

function spoken(value: unknown, index: number): Turn {
  const said = isRecord(value) ? value : {}
  const role = speakers.get(own(said, 'from') ?? own(said, 'role'))
  const content = own(said, 'value') ?? own(said, 'content')
  if (role === undefined || typeof content !== 'string') throw new Refusal('bad-turn', { turn: index + 1 })
  const weight = own(said, 'weight')
  return role === 'assistant' && weight !== undefined && weight !== null
    ? { ...turn(role, content), weight: asWeight(weight, 'weight') }
    : turn(role, content)
}

function fromSharegpt(record: Named): Converted {
  const turns = unpacked(own(record, 'conversations'))
  if (!Array.isArray(turns) || turns.length === 0) throw new Refusal('no-turns')
  return oneLine({ messages: [...systemTurns(optional(record, 'system')), ...turns.map(spoken)] })
}

/** 0 and 1 as people write them. */
export function readWeight(value: unknown): 0 | 1 | null {
  if (value === 1 || value === true || value === '1' || value === '1.0' || value === 'true') return 1
  if (value === 0 || value === false || value === '0' || value === '0.0' || value === 'false') return 0
  return null
}

function asWeight(value: unknown, column: string): 0 | 1 {
  const weight = readWeight(typeof value === 'string' ? value.trim().toLowerCase() : value)
  if (weight === null) throw new Refusal('bad-weight', { column })
  return weight
}

type Columns = Extract<Mapping, { shape: 'columns' }>

function weighted(turns: readonly Turn[], record: Named, column: string | null): readonly Turn[] {
  const value = column === null ? undefined : own(record, column)
  const last = turns.at(-1)
  if (!last || column === null || value === undefined || value === null || value === '') return turns
  return [...turns.slice(0, -1), { ...last, weight: asWeight(value, column) }]
}

/** How many turns two conversations have in common before they part. */
function shared(one: readonly Turn[], other: readonly Turn[]): number {
  const parted = one.findIndex((said, index) => written(said) !== written(other[index] ?? null))
  return parted === -1 ? one.length : parted
}

function fromColumns(record: Named, columns: Columns): Converted {
  const system = optional(record, columns.system) || (columns.systemText ?? '')
  const answer = turnsOf(record, columns.assistant, 'assistant')
  if (columns.rejected === null) {
    const asked = turnsOf(record, columns.user, 'user')
    const answered = weighted(answer, record, columns.weight)
    return oneLine({ messages: [...systemTurns(system), ...asked, ...answered] })
  }
  const worse = turnsOf(record, columns.rejected, 'assistant')
  // Where both columns hold whole conversations, their common beginning is what was asked.
  const common = shared(answer, worse)
  const asked = common > 0 ? answer.slice(0, common) : turnsOf(record, columns.user, 'user')
  return oneLine({
    input: { messages: [...systemTurns(system), ...asked] },
    preferred_output: answer.slice(common),
    non_preferred_output: worse.slice(common),
  })
}

/** A list or object that a table had to keep as JSON text. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  if (!scanJson(value).problem) return JSON.parse(value) as unknown
  const loose = readLoose(value)
  return loose ? (JSON.parse(loose.json) as unknown) : value
}

const LINE_KEYS = ['messages', 'tools', 'functions', 'parallel_tool_calls'] as const
const PAIR_KEYS = ['input', 'preferred_output', 'non_preferred_output'] as const

/** Cells that say something, of those that a training line knows. */
const known = (record: Named, keys: readonly string[]): [string, unknown][] =>
  keys
    .map((key): [string, unknown] => [key, unpacked(own(record, key))])
    .filter(([, value]) => value !== undefined && value !== '' && value !== null)

function fromLine(record: Named, text: string | null): Converted {
  const pair = 'preferred_output' in record
  const column = pair ? 'preferred_output' : 'messages'
  if (!(column in record)) throw new Refusal('no-messages')
  if (own(record, column) === '') throw new Refusal('empty-cell', { column })
  const keys = pair ? PAIR_KEYS : LINE_KEYS
  const packed = keys.some((key) => unpacked(own(record, key)) !== own(record, key))
  return text !== null && !packed ? { line: flat(text) } : oneLine(Object.fromEntries(known(record, keys)))
}

function converted(record: Named, mapping: Mapping, text: string | null): Converted {
  switch (mapping.shape) {
    case 'lines':
      return fromLine(record, text)
    case 'prompt-completion':
      return fromPrompt(record)
    case 'alpaca':
      return fromAlpaca(record)
    case 'sharegpt':
      return fromSharegpt(record)
    case 'columns':
      return fromColumns(record, mapping)
  }
}

/**
 * Makes a training line of a record.
 * @param text the record's own JSON, whose numbers and escapes stay as they came where nothing is converted; null
 *   when it was no JSON (a row of a table)
 */
export function convert(record: unknown, mapping: Mapping, text: string | null = null): Converted {
  if (!isRecord(record)) return { problem: 'not-object', values: { kind: kindOf(record) } }
  try {
    return converted(record, mapping, text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.refused
  }
}
