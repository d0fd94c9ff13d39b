import { memoize } from '#lib/core/memoize.ts'
import { Flag } from '#lib/training-data/flags.ts'
import { reviewOf, tagsOf } from '../marks.ts'
import type { RowFilter } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { isFresh, readColumns } from './facts.ts'
import { fullReport, linesOf } from './report.ts'
import { eachRowAt, type Row } from './store.ts'

export interface FindInput {
  datasetId: string
  revision: number
  filter: RowFilter
  offset: number
  limit: number
}

/** Filtered rows: their records and line numbers, in order. */
interface Found {
  seqs: number[]
  numbers: number[]
}

/** Scrolling through a search requests window after window. */
const recent = memoize<Found>(4)

const matcherOf = (words: string) => {
  const wanted = words.toLocaleLowerCase()
  return (text: string | null) => text?.toLocaleLowerCase().includes(wanted) ?? false
}

/** A line with JSON's \u escapes decoded, so that a search finds words in them. */
const unescaped = (text: string | null): string | null =>
  text?.includes('\\u')
    ? text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

async function search({ datasetId, revision, filter }: FindInput, context: Context): Promise<Found> {
  const { q, rule, role, split, review, tag } = filter
  const lines = rule ? new Set(linesOf(await fullReport({ datasetId, revision }, context), rule)) : null
  const matches = q ? matcherOf(q) : null
  const flag = role ? Flag[role] : 0
  const reader = new RowReader()
  const found: Found = { seqs: [], numbers: [] }
  const flagsOf = (row: Row, number: number): number =>
    Number((isFresh(row) ? row : readColumns(reader.line(row, number))).flags)
  const fits = (row: Row, number: number): boolean =>
    (!split || row.split === split) &&
    (!review || reviewOf(row) === review) &&
    (!tag || tagsOf(row).includes(tag)) &&
    (!lines || lines.has(number)) &&
    (flag === 0 || (flagsOf(row, number) & flag) !== 0) &&
    (!matches || matches(unescaped(reader.line(row, number).text)))
  try {
    let number = 0
    for (const row of eachRowAt(context.db, datasetId, revision)) {
      number++
      if (fits(row, number)) {
        found.seqs.push(row.seq)
        found.numbers.push(number)
      }
      await context.yieldToEventLoop()
    }
    return found
  } finally {
    reader.close()
  }
}

/** Task: a window of the filtered rows. */
export async function find(
  input: FindInput,
  context: Context,
): Promise<{ total: number; seqs: number[]; numbers: number[] }> {
  const { datasetId, revision, filter, offset, limit } = input
  const key = JSON.stringify([datasetId, revision, filter])
  const { seqs, numbers } = await recent(key, () => search(input, context))
  return {
    total: seqs.length,
    seqs: seqs.slice(offset, offset + limit),
    numbers: numbers.slice(offset, offset + limit),
  }
}
