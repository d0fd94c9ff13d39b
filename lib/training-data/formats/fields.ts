import { isRawNumber, parseExact } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { scanJson } from '../json.ts'
import { readLoose } from '../loose-json.ts'
import { kindOf } from '../rules/rule.ts'
import type { ImportProblem, Note, Refused } from './plan.ts'

export type Named = Readonly<Record<string, unknown>>
export type Turn = Readonly<Record<string, unknown>>

/** Not an exception for callers: `Reader` turns it into data. */
export class Refusal extends Error {
  readonly refused: Refused
  constructor(problem: ImportProblem, values: Refused['values'] = {}) {
    super(problem)
    this.refused = { problem, values }
  }
}

/** A field that no reader took. Members of lists share one path, such as `messages[].id`. */
export interface Left {
  path: string
  /** It is inside another field. */
  nested: boolean
  value: unknown
}

/** Whether a value is absent, null or blank: leaving it out loses nothing. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Words for an empty cell in tables. */
const ABSENT = /^\s*(?:nan|none|null|undefined|<na>|<noinput>|#?n\/a)\s*$/i

const own = (record: Named, key: string): unknown => (Object.hasOwn(record, key) ? record[key] : undefined)

/** A list or object stored as text in a table: as JSON, or in the syntax of Python or another tool. */
export function unpacked(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  if (!scanJson(value).problem) return parseExact(value)
  const loose = readLoose(value)
  return loose ? parseExact(loose.json) : value
}

/** A cell as text. Numbers keep their digits, booleans are written out; anything else would be a guess. */
export function textOf(value: unknown, column: string): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) throw new Refusal('missing-column', { column })
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value)
  if (isRawNumber(value)) return value.rawJSON
  throw new Refusal('not-text', { column, kind: kindOf(value) })
}

/** An object that records which of its fields were taken, so that the others can be reported. */
export class Fields {
  readonly record: Named
  readonly notes: Note[]
  readonly #path: string
  readonly #taken = new Set<string>()
  readonly #inner: Fields[] = []

  constructor(record: Named, path = '', notes: Note[] = []) {
    this.record = record
    this.#path = path
    this.notes = notes
  }

  /** Whether the field has a value that is not empty. */
  has(key: string): boolean {
    return !isEmpty(own(this.record, key))
  }

  /** The value, without taking it. */
  peek(key: string): unknown {
    return own(this.record, key)
  }

  take(key: string): unknown {
    this.#taken.add(key)
    return own(this.record, key)
  }

  /** Takes the first of these fields that is not empty. */
  takeFirst(keys: readonly string[]): unknown {
    const key = keys.find((one) => this.has(one))
    return key === undefined ? undefined : this.take(key)
  }

  /** Required text. */
  text(key: string): string {
    const text = textOf(this.take(key), key)
    if (text.trim() === '') throw new Refusal('empty-cell', { column: key })
    return text
  }

  /** Optional text; '' if absent. */
  optional(key: string | null): string {
    const value = key === null ? undefined : this.take(key)
    const text = value === undefined || value === null ? '' : textOf(value, key ?? '')
    if (!ABSENT.test(text)) return text
    this.note('absent-word')
    return ''
  }

  /** An inner object, whose fields are recorded too; null if there is none. */
  within(key: string): Fields | null {
    const value = unpacked(own(this.record, key))
    return isRecord(value) ? this.#watch(key, value, key) : null
  }

  /** The objects of a list; null if there is no list. */
  each(key: string): Fields[] | null {
    const value = unpacked(own(this.record, key))
    if (!Array.isArray(value)) return null
    return this.fieldsOf(key, value)
  }

  /** Wraps the objects of the list in this field. */
  fieldsOf(key: string, values: readonly unknown[]): Fields[] {
    return values.map((value) => this.#watch(key, isRecord(value) ? value : {}, `${key}[]`))
  }

  /** Adds a note about the record to the import's report. */
  note(note: Note): void {
    this.notes.push(note)
  }

  /** The fields not taken. */
  left(): Left[] {
    const left: Left[] = []
    this.#leave(left)
    return left
  }

  #leave(left: Left[]): void {
    const nested = this.#path !== ''
    for (const key of Object.keys(this.record)) {
      const value = this.record[key]
      if (!this.#taken.has(key) && !isEmpty(value)) left.push({ path: `${this.#path}${key}`, nested, value })
    }
    for (const inner of this.#inner) inner.#leave(left)
  }

  #watch(key: string, value: Named, path: string): Fields {
    this.#taken.add(key)
    const fields = new Fields(value, `${this.#path}${path}.`, this.notes)
    this.#inner.push(fields)
    return fields
  }
}
