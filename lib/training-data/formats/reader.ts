import { isRecord } from '../is-record.ts'
import { kindOf } from '../rules/rule.ts'
import { Fields, type Named, Refusal, type Turn, textOf } from './fields.ts'
import type { Format, Gatherer, Line, Outcome } from './format.ts'
import { Leftovers } from './leftovers.ts'
import {
  ExtraUse,
  type ImportPlan,
  type Mapping,
  type Note,
  type ReadingReport,
  type Refused,
  type Shape,
} from './plan.ts'
import { formatOf } from './table.ts'
import { systemTurns } from './turns.ts'
import { readVerdict } from './verdict.ts'

type Extras = readonly (readonly [string, ExtraUse])[]

const isUser = ({ role }: Turn): boolean => role === 'user'

/** The messages with a text before the last question. */
function withQuestion(messages: readonly Turn[], text: string): Turn[] {
  const at = messages.findLastIndex(isUser)
  const question = messages[at]
  if (typeof question?.content !== 'string') throw new Refusal('no-messages')
  return messages.with(at, { ...question, content: `${text}\n\n${question.content}` })
}

/** The messages with a text after the system prompt. */
function withSystemText(messages: readonly Turn[], text: string): Turn[] {
  const [first] = messages
  if (first?.role !== 'system') return [...systemTurns(text), ...messages]
  return messages.with(0, { ...first, content: `${String(first.content)}\n\n${text}` })
}

function withText(line: Named, use: 'question' | 'system', text: string): Named {
  const add = use === 'question' ? withQuestion : withSystemText
  if (Array.isArray(line.messages)) return { ...line, messages: add(line.messages as Turn[], text) }
  const input = line.input as Named
  return { ...line, input: { ...input, messages: add(input.messages as Turn[], text) } }
}

function expectLiked(value: unknown, column: string): void {
  const verdict = readVerdict(value)
  if (verdict === null) throw new Refusal('bad-label', { column })
  if (!verdict) throw new Refusal('disliked', { column })
}

/** The lines with the fields that the user assigned a use to. */
function withExtras(lines: readonly Line[], fields: Fields, extras: Extras): Line[] {
  let made = [...lines]
  const left = new Set(fields.left().map(({ path }) => path))
  for (const [field, use] of extras) {
    if (use === 'leave' || !left.has(field)) continue
    const value = fields.take(field)
    if (use === 'label') expectLiked(value, field)
    else
      made = made.map((line) => (typeof line === 'string' ? line : withText(line, use, textOf(value, field))))
  }
  return made
}

/** Whether the user chose to leave the record out: that is counted in a note and is not an error. */
export const isByChoice = ({ problem }: Pick<Refused, 'problem'>): boolean => problem === 'disliked'

/** Possible uses of a field that the shape does not know; none if several records make one row. */
export const usesFor = (mapping: Mapping): readonly ExtraUse[] =>
  formatOf(mapping).gather && !(mapping.shape === 'thumbs' && mapping.keep === 'liked')
    ? ['leave']
    : ExtraUse.options

/** Whether a row is an empty one that a spreadsheet wrote. */
const isUnfilled = (record: Named): boolean => {
  const cells = Object.values(record)
  return cells.length > 1 && cells.every((cell) => typeof cell === 'string' && cell.trim() === '')
}

/** Converts the records of a file to lines, one after the other, and counts what it leaves out. */
export class Reader {
  readonly #mapping: ImportPlan['mapping']
  readonly #format: Format<Shape>
  readonly #gatherer: Gatherer | null
  readonly #extras: Extras
  readonly #left = new Leftovers()
  readonly #notes = new Map<Note, number>()

  constructor({ mapping, extras = {} }: Pick<ImportPlan, 'mapping' | 'extras'>) {
    this.#mapping = mapping
    this.#format = formatOf(mapping) as Format<Shape>
    this.#gatherer = this.#format.gather?.(mapping) ?? null
    this.#extras = Object.entries(extras)
  }

  /**
   * @param text the record's JSON, kept byte for byte if nothing is converted; null for a row of a table
   * @param line the record's first line in the file
   */
  add(record: unknown, text: string | null, line: number): Outcome[] {
    if (!isRecord(record)) return [{ from: [line], problem: 'not-object', values: { kind: kindOf(record) } }]
    if (text === null && isUnfilled(record)) {
      this.#count('unfilled-rows')
      return []
    }
    const fields = new Fields(record)
    try {
      const outcomes = this.#read(fields, text, line)
      this.#settle(fields)
      return outcomes
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      if (isByChoice(thrown.refused)) this.#count('disliked-left-out')
      return [{ from: [line], ...thrown.refused }]
    }
  }

  /** Lines of records that were held until the end. */
  finish(): Outcome[] {
    const outcomes = this.#gatherer?.finish() ?? []
    for (const { notes = [] } of outcomes) for (const note of new Set(notes)) this.#count(note)
    return outcomes
  }

  /** Adds a count of things skipped before the records were read. */
  readonly tell = (note: Note, count: number): void => {
    // A file with lists for both splits is read twice.
    this.#notes.set(note, Math.max(count, this.#notes.get(note) ?? 0))
  }

  report(): ReadingReport {
    return { left: this.#left.list(), notes: Object.fromEntries(this.#notes) }
  }

  #read(fields: Fields, text: string | null, line: number): Outcome[] {
    const made = this.#gatherer?.add(fields, line) ?? [
      { from: [line], lines: this.#format.read?.(fields, this.#mapping, text) ?? [] },
    ]
    return made.map((one) =>
      'lines' in one ? { ...one, lines: withExtras(one.lines, fields, this.#extras) } : one,
    )
  }

  #settle(fields: Fields): void {
    this.#left.add(fields.left())
    for (const note of new Set(fields.notes)) this.#count(note)
  }

  #count(note: Note): void {
    this.#notes.set(note, (this.#notes.get(note) ?? 0) + 1)
  }
}
