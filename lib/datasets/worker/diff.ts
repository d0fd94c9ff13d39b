import { memoize } from '#lib/core/memoize.ts'
import type { DatasetDiff, DiffRow } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { unended } from './create-version.ts'
import { type Pair, pairsBetween, recordsWith, seqsAt } from './history-store.ts'
import type { Row } from './store.ts'

export interface DiffInput {
  datasetId: string
  /** Revisions. */
  from: number
  to: number
  offset: number
  limit: number
}

type Change = DiffRow['change']

interface Difference {
  change: Change
  /** The records on both sides. */
  before: number | null
  after: number | null
  sides: DiffRow['splits']
}

type Differences = Difference[]

/** Scrolling through a comparison requests window after window; a revision never changes. */
const recent = memoize<Differences>(4)
const recentNumbers = memoize<Map<number, number>>(4)

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

/** Whether two records have the same bytes, wherever they are stored. */
function sameBytes(db: Context['db'], { before, after }: Pair, reader: RowReader): boolean {
  const [one, other] = recordsWith(db, [before as number, after as number])
  if (!one || !other) return false
  const bytes = unended(reader.bytes(one)).slice()
  return equal(bytes, unended(reader.bytes(other)))
}

/** A version has only the rows that are sent: a rejected row counts as absent. */
const sentOf = ({ before, after, sides, sent, ...pair }: Pair): Pair => ({
  ...pair,
  sent,
  before: sent[0] ? before : null,
  after: sent[1] ? after : null,
  sides: [sent[0] ? sides[0] : null, sent[1] ? sides[1] : null],
})

/** @returns null when nothing visible differs */
function changeOf(db: Context['db'], pair: Pair, reader: RowReader): Change | null {
  if (pair.before === null && pair.after === null) return null
  if (pair.before === null) return 'added'
  if (pair.after === null) return 'removed'
  if (!pair.same && (pair.other || !sameBytes(db, pair, reader))) return 'changed'
  return pair.sides[0] === pair.sides[1] ? null : 'moved'
}

async function compare(
  { datasetId, from, to }: DiffInput,
  { db, yieldToEventLoop }: Context,
): Promise<Differences> {
  const reader = new RowReader()
  const found: Differences = []
  try {
    for (const pair of pairsBetween(db, datasetId, { from, to }).map(sentOf)) {
      const change = changeOf(db, pair, reader)
      const { before, after, sides } = pair
      if (change) found.push({ change, before, after, sides })
      await yieldToEventLoop()
    }
    return found
  } finally {
    reader.close()
  }
}

/** Line numbers in `to` of the records that differ. */
async function numbersOf(
  { datasetId, to }: DiffInput,
  found: Differences,
  { db, yieldToEventLoop }: Context,
): Promise<Map<number, number>> {
  const wanted = new Set(found.flatMap(({ after }) => after ?? []))
  const numbers = new Map<number, number>()
  let number = 0
  if (wanted.size > 0) {
    for (const seq of seqsAt(db, datasetId, to)) {
      number++
      if (wanted.has(seq)) numbers.set(seq, number)
      if (numbers.size === wanted.size) break
      await yieldToEventLoop()
    }
  }
  return numbers
}

function rowsOf(db: Context['db'], window: Differences, numbers: Map<number, number>): DiffRow[] {
  const seqs = window.flatMap(({ before, after }) => [before ?? [], after ?? []].flat())
  const records = new Map(recordsWith(db, seqs).map((row) => [row.seq, row]))
  const reader = new RowReader()
  const textOf = (row: Row | undefined) => (row ? reader.line(row, 1).text : null)
  try {
    return window.map(({ change, before, after, sides }) => {
      const [one, other] = [records.get(before ?? 0), records.get(after ?? 0)]
      return {
        id: (other ?? one)?.key ?? '',
        change,
        number: numbers.get(after ?? 0) ?? null,
        before: textOf(one),
        after: textOf(other),
        splits: sides,
      }
    })
  } finally {
    reader.close()
  }
}

/**
 * Task: compares two revisions. Reads only the records that began or ended between them, and their texts only where hashes
 * do not decide.
 */
export async function diff(input: DiffInput, context: Context): Promise<DatasetDiff> {
  const { datasetId, from, to, offset, limit } = input
  const key = `${datasetId} ${from} ${to}`
  const found = await recent(key, () => compare(input, context))
  const numbers = await recentNumbers(key, () => numbersOf(input, found, context))
  const count = (change: Change) => found.filter((one) => one.change === change).length
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    moved: count('moved'),
    total: found.length,
    offset,
    rows: rowsOf(context.db, found.slice(offset, offset + limit), numbers),
  }
}
