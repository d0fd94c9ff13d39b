import { AppError } from '#lib/errors.ts'
import { lineText } from '#lib/examples/formats/convert.ts'
import type { Outcome } from '#lib/examples/formats/format.ts'
import type { Leftover } from '#lib/examples/formats/leftovers.ts'
import { type ListWindow, outside, windowOn } from '#lib/examples/formats/lists.ts'
import type { ImportPlan } from '#lib/examples/formats/plan.ts'
import { isByChoice, Reader } from '#lib/examples/formats/reader.ts'
import { blobPath, keepBlob } from '../blobs.ts'
import { readRecords } from '../records.ts'
import type { ImportCounts, Refusal, Split } from '../schema.ts'
import type { Context } from './context.ts'

/** Text that is gathered before it goes to the disk, in characters. */
const BLOCK = 64 * 1024
/** Refusals told with their place; the rest is counted. */
const TOLD = 100

/** Problems of a file that ends before its last record does, or that nobody could read to its end. */
const INCOMPLETE: ReadonlySet<string> = new Set(['unfinished', 'unread', 'csv-unclosed'])

/** Whether the file's own lines are the rows, byte for byte. */
export const isPlain = (plan: ImportPlan | null): boolean =>
  plan === null || (plan.container === 'jsonl' && plan.mapping.shape === 'lines')

type Told = Pick<ImportCounts, 'refused' | 'refusedCount' | 'doubted' | 'doubtedCount' | 'complete'>

/** Of lines that come in as they are, none is refused. */
export const allRead = (): Told => new Account().told()

/** What became of the records of a file, while they are read. */
class Account {
  readonly #refused: Refusal[] = []
  readonly #doubted: Refusal[] = []
  #doubtedCount = 0
  #complete = true
  refusedCount = 0
  made = 0

  refuse(lines: readonly number[], { problem, values }: Omit<Refusal, 'line'>): void {
    if (INCOMPLETE.has(problem)) this.#complete = false
    for (const line of lines) {
      this.refusedCount++
      if (this.#refused.length < TOLD) this.#refused.push({ line, problem, values })
    }
  }

  /** The record comes in all the same. */
  doubt(refusal: Refusal): void {
    this.#doubtedCount++
    if (this.#doubted.length < TOLD) this.#doubted.push(refusal)
  }

  told(): Told {
    return {
      refused: this.#refused,
      refusedCount: this.refusedCount,
      doubted: this.#doubted,
      doubtedCount: this.#doubtedCount,
      complete: this.#complete,
    }
  }

  /** The lines that came of records; what did not become one is written down. */
  *settle(outcomes: Iterable<Outcome>): Generator<string> {
    for (const outcome of outcomes) {
      if ('problem' in outcome) {
        if (!isByChoice(outcome)) this.refuse(outcome.from, outcome)
      } else for (const line of outcome.lines) yield this.#count(lineText(line))
    }
  }

  #count(line: string): string {
    this.made++
    return `${line}\n`
  }
}

async function* lines(
  file: string,
  plan: ImportPlan,
  { signal, breathe }: Context,
  { reader, account, window }: { reader: Reader; account: Account; window: ListWindow | null },
): AsyncGenerator<string> {
  for await (const record of readRecords(file, plan, signal, window)) {
    if ('problem' in record) account.refuse([record.line], record)
    else {
      if (record.doubt) account.doubt({ line: record.line, ...record.doubt })
      yield* account.settle(reader.add(record.value, record.text, record.line))
    }
    await breathe()
  }
  yield* account.settle(reader.finish())
}

async function* blocks(source: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const line of source) {
    text += line
    if (text.length < BLOCK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text) yield encoder.encode(text)
}

/** Where the rows of a converted file go: as it was asked, or by the lists that they stood in. */
type Sides = Split | { trainRows: number }

export interface Converted extends Omit<ImportCounts, 'added' | 'blank'> {
  sha256: string
  /** Only where the lists of the file say it. */
  sides: Sides | null
}

/**
 * Writes the records of a file as lines of a new one. Of a file with lists for both sides, those to train on come
 * first.
 * @returns the new blob, what could not become a row, and what was left out
 * @throws AppError invalid when no record could
 */
export async function convertFile(sha256: string, plan: ImportPlan, context: Context): Promise<Converted> {
  const reader = new Reader(plan)
  const account = new Account()
  let beside: Leftover[] = []
  let trainRows = 0
  const read = async function* (window: ListWindow | null) {
    yield* lines(blobPath(sha256), plan, context, { reader, account, window })
    if (window) beside = outside(window, plan.lists ?? [])
  }
  const all = async function* () {
    if (!plan.lists) yield* read(null)
    else {
      yield* read(windowOn(plan.lists, 'train'))
      trainRows = account.made
      yield* read(windowOn(plan.lists, 'heldout'))
    }
    expectRows(account)
  }
  const blob = await keepBlob(blocks(all()))
  const { left, notes } = reader.report()
  const sides = plan.lists ? { trainRows } : null
  return { sha256: blob.sha256, sides, ...account.told(), left: [...left, ...beside], notes }
}

function expectRows({ made, refusedCount }: Account): void {
  if (made > 0) return
  throw new AppError('invalid', 'No record of the file became a row. Look at how its columns are read.', {
    facts: { records: refusedCount },
  })
}
