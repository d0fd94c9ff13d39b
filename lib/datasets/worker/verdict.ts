import { tokensWithin } from '#lib/tokens/chat.ts'
import { countTokens } from '#lib/tokens/count.ts'
import type { Encoding } from '#lib/tokens/encoding.ts'
import { checkLine } from '#lib/training-data/check.ts'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { type Reading, type Target, unsupported } from '#lib/training-data/verdict.ts'
import type { Split } from '../schema.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { factsOf, isFresh, readColumns } from './facts.ts'
import { eachRowAt, isSent, splitOf } from './store.ts'

/** Line number of a row in the dataset, and its number in its split. */
interface Numbered {
  line: number
  row: number
}

/** A row that may exceed the context length of its destination. */
export interface LongRow extends Numbered {
  seq: number
  /** By OpenAI's encoding. */
  tokens: number
  /** null where the destination counts with its own tokenizer. */
  reading: Reading | null
}

export interface JudgeInput {
  datasetId: string
  revision: number
  split: Split
  target: Target
  /** Tokens by OpenAI's encoding up to which a row surely fits; null: context length unknown. */
  fits: number | null
  /** The destination's encoding; null where only the engine can count. */
  encoding: Encoding | null
}

export interface Judged {
  rows: number
  /** Content that the destination does not support: per kind the first rows, and the number of rows. */
  found: { finding: ReturnType<typeof unsupported>[number]; count: number; rows: Numbered[] }[]
  /** The first long rows, and the number of further ones. */
  long: LongRow[]
  more: number
}

/** Rows listed per kind. */
const NAMED = 20
/** Long rows read one by one. */
const LONG = 200

/** How many tokens of a line a destination reads; null for a line with an error. */
function readingOf(line: TextLine, limit: number, encoding: Encoding): Reading | null {
  const { example, pair } = checkLine(line)
  const read = example ?? pair
  return read && tokensWithin(read, limit, (part) => countTokens(part, encoding))
}

/** Task: checks the rows of a split for a destination by their stored facts; reads only long ones again. */
export async function judge(input: JudgeInput, { db, yieldToEventLoop }: Context): Promise<Judged> {
  const { datasetId, revision, split, target, fits, encoding } = input
  const reader = new RowReader()
  const read = (line: TextLine): Reading | null =>
    encoding && target.context !== null ? readingOf(line, target.context, encoding) : null
  const found = new Map<string, Judged['found'][number]>()
  const long: LongRow[] = []
  let [line, rows, more] = [0, 0, 0]
  try {
    for (const record of eachRowAt(db, datasetId, revision)) {
      line++
      await yieldToEventLoop()
      if (splitOf(record) !== split || !isSent(record)) continue
      const facts = factsOf(
        isFresh(record) ? record : { ...record, ...readColumns(reader.line(record, line)) },
      )
      if (facts.kind === 'blank') continue
      const place = { line, row: ++rows }
      for (const finding of unsupported(facts.flags, target)) {
        const key = `${finding.severity} ${finding.rule}`
        const known = found.get(key) ?? { finding, count: 0, rows: [] }
        found.set(key, known)
        if (++known.count <= NAMED) known.rows.push(place)
      }
      if (fits === null || facts.tokens <= fits) continue
      if (long.length === LONG) {
        more++
        continue
      }
      const reading = read(reader.line(record, line))
      long.push({ ...place, seq: record.seq, tokens: facts.tokens, reading })
    }
  } finally {
    reader.close()
  }
  return { rows, found: [...found.values()], long, more }
}
