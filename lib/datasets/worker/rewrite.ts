import { type Edit, Fixer } from '#lib/training-data/fix/fixer.ts'
import { Flag } from '#lib/training-data/flags.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import type { BulkChange } from '../schema.ts'
import type { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh } from './facts.ts'
import { SystemPromptReplacer } from './replace-system-prompt.ts'
import { replacerOf } from './replace-text.ts'
import { eachRowAt, isSent, type Row, splitOf } from './store.ts'
import { systemPromptOf } from './system-prompt.ts'

/** A change: these rows, in order, become these lines. */
export interface Rewrite {
  /** Line number of the first row. */
  number: number
  rows: Row[]
  /** Without a line feed; with a final carriage return if there was one. */
  lines: string[]
  rules: RuleId[]
}

export type TextChange = Extract<BulkChange, { kind: 'fix' | 'system' | 'replace' }>

export interface Place {
  datasetId: string
  revision: number
}

/** Whether the row is a complete, checked record without an issue of these rules. */
function isClean(row: Row, rules: ReadonlySet<string>): boolean {
  if (!isFresh(row) || (row.kind !== 'chat' && row.kind !== 'preference')) return false
  if (rules.has('bom') && Number(row.flags) & Flag.bom) return false
  if (rules.has('crlf') && Number(row.flags) & Flag.crlf) return false
  if (rules.has('null-keys') && Number(row.flags) & Flag.nulls) return false
  if (rules.has('reasoning') && Number(row.flags) & Flag.reasoning) return false
  return factsOf(row).issues.every(({ rule }) => !rules.has(rule))
}

/** Rows kept until the fixer has returned their edits: it holds back a thousand lines at most. */
const KEPT = 2_048

/** The rows passed to a fixer, by index. */
class Given {
  #rows: { row: Row; number: number }[] = []
  #gone = 0

  add(row: Row, number: number): void {
    if (this.#rows.length >= 2 * KEPT) {
      this.#rows = this.#rows.slice(KEPT)
      this.#gone += KEPT
    }
    this.#rows.push({ row, number })
  }

  rewrite({ from, count, lines, rules }: Edit): Rewrite {
    const start = from - this.#gone
    const given = this.#rows.slice(start, start + count)
    if (start < 0 || given.length < count) throw new Error('The fixer held back more than it may.')
    return { number: given[0]?.number ?? 0, rows: given.map(({ row }) => row), lines, rules }
  }
}

async function* fixes(
  { rules, how }: Extract<TextChange, { kind: 'fix' }>,
  { datasetId, revision }: Place,
  reader: RowReader,
  { db, yieldToEventLoop }: Context,
): AsyncGenerator<Rewrite> {
  const wanted = new Set(rules)
  const fixer = new Fixer(wanted, how ?? null)
  const given = new Given()
  // Clean rows after a complete record need not be read, except to find duplicates.
  const maySkip = !wanted.has('duplicate')
  let [number, closed] = [0, true]
  for (const row of eachRowAt(db, datasetId, revision)) {
    number++
    await yieldToEventLoop()
    if (!isSent(row)) continue
    const clean = maySkip && isClean(row, wanted)
    if (clean && closed) continue
    closed = clean
    given.add(row, number)
    const { text, bom, crlf } = reader.line(row, number)
    for (const edit of fixer.add({ text, bom, crlf, split: splitOf(row) })) yield given.rewrite(edit)
  }
  for (const edit of fixer.finish()) yield given.rewrite(edit)
}

/** The text of a row after a change of each text by itself. */
type Rewritten = (text: string, row: Row) => string

/** Rewrites of rows whose text changes one by one. */
async function* eachText(
  { datasetId, revision }: Place,
  reader: RowReader,
  { db, yieldToEventLoop }: Context,
  rewritten: Rewritten,
): AsyncGenerator<Rewrite> {
  let number = 0
  for (const row of eachRowAt(db, datasetId, revision)) {
    const { text, crlf } = reader.line(row, ++number)
    const changed = text === null ? null : rewritten(text, row)
    if (changed !== null && changed !== text) {
      yield { number, rows: [row], lines: [crlf ? `${changed}\r` : changed], rules: [] }
    }
    await yieldToEventLoop()
  }
}

function promptOf({ from, to }: Extract<TextChange, { kind: 'system' }>): Rewritten {
  const replacer = new SystemPromptReplacer(to)
  return (text, row) => (from === null || systemPromptOf(text) === from ? replacer.change(text, row) : text)
}

function replacedIn({ rows, ...search }: Extract<TextChange, { kind: 'replace' }>): Rewritten {
  const wanted = rows && new Set(rows)
  const replace = replacerOf(search)
  return (text, { key }) => (wanted?.has(key) === false ? text : replace(text))
}

/** Every rewrite of a change at a revision, in line order. Deterministic: two calls give the same. */
export const rewrites = (
  change: TextChange,
  place: Place,
  reader: RowReader,
  context: Context,
): AsyncGenerator<Rewrite> => {
  switch (change.kind) {
    case 'fix':
      return fixes(change, place, reader, context)
    case 'system':
      return eachText(place, reader, context, promptOf(change))
    case 'replace':
      return eachText(place, reader, context, replacedIn(change))
  }
}
