import { newRowId } from '#lib/core/ids.ts'
import { keepBlob } from '../blobs.ts'
import { lineIn } from '../line.ts'
import type { Step } from '../schema.ts'
import { type Blobs, withBlobs } from './blob-gc.ts'
import { RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { readColumns } from './facts.ts'
import { endRecords, nextPosition } from './history-store.ts'
import { type Place, type Rewrite, rewrites, type TextChange } from './rewrite.ts'
import { bigStep, type StepWriter } from './step.ts'
import { insertRows, type NewRow, type Row } from './store.ts'

/** Characters joined into one write. */
const BLOCK = 64 * 1024
/** Lines per short transaction. */
const BATCH = 250

const encoder = new TextEncoder()

/** The lines as one file. It begins with an empty line, so that no line can begin with a byte order mark. */
async function* blocks(places: AsyncIterable<Rewrite>): AsyncGenerator<Uint8Array> {
  let text = '\n'
  let any = false
  for await (const { lines } of places) {
    for (const line of lines) text += `${line}\n`
    any ||= lines.length > 0
    if (text.length < BLOCK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (any && text !== '') yield encoder.encode(text)
}

/** @returns the SHA-256 of the new file; null when there is nothing to write */
async function keepLines(places: AsyncIterable<Rewrite>): Promise<string | null> {
  const source = blocks(places)
  const { done, value } = await source.next()
  if (done) return null
  const all = async function* () {
    yield value
    yield* source
  }
  return (await keepBlob(all())).sha256
}

/** Positions for lines after a row, evenly spaced up to the next record. */
function positionsBehind(count: number, { dataset_id, position }: Row, { db }: Context): number[] {
  if (count === 0) return []
  const next = nextPosition(db, dataset_id, position) ?? position + count + 1
  return Array.from({ length: count }, (_, index) => {
    const place = position + ((next - position) * (index + 1)) / (count + 1)
    // No number is left between them: equal positions are ordered by `seq`.
    return place < next ? place : position
  })
}

/** Writes new records whose lines follow one another in a file. */
class Writer {
  readonly #blob: string
  readonly #step: StepWriter
  readonly #context: Context
  #ended: number[] = []
  #rows: NewRow[] = []
  #offset = 1

  constructor(blob: string, step: StepWriter, context: Context) {
    this.#blob = blob
    this.#step = step
    this.#context = context
  }

  /** The first lines replace the rows; surplus rows end, surplus lines are added after them. */
  async add({ rows, lines }: Rewrite): Promise<void> {
    const last = rows.at(-1)
    if (!last) return
    const further = positionsBehind(Math.max(0, lines.length - rows.length), last, this.#context)
    for (const { seq } of rows) this.#ended.push(seq)
    for (const [index, line] of lines.entries()) {
      const own = rows[index]
      const position = own?.position ?? (further[index - rows.length] as number)
      this.#rows.push(this.#rowOf(line, own ?? { ...last, key: newRowId() }, position))
      if (this.#rows.length >= BATCH) this.keep()
      await this.#context.yieldToEventLoop()
    }
    if (this.#ended.length >= BATCH) this.keep()
  }

  keep(): void {
    const { db } = this.#context
    this.#step.write(() => {
      endRecords(db, this.#ended, this.#step.next)
      insertRows(db, this.#rows)
    })
    this.#ended = []
    this.#rows = []
  }

  #rowOf(line: string, { key, dataset_id, split, review, tags_json, note }: Row, position: number): NewRow {
    const bytes = encoder.encode(`${line}\n`)
    const offset = this.#offset
    this.#offset += bytes.length
    return {
      key,
      dataset_id,
      position,
      split,
      blob: this.#blob,
      offset,
      length: bytes.length,
      line: null,
      since: this.#step.next,
      until: null,
      ...readColumns(lineIn(bytes, 2, false)),
      review,
      tags_json,
      note,
    }
  }
}

/**
 * Rewrites many rows in one step: writes their lines to a new file, then the records that refer to it.
 * @throws AppError not_found, conflict
 */
export async function rewriteRows(change: TextChange, place: Place, context: Context): Promise<Step> {
  const { datasetId, revision } = place
  const request = { datasetId, kind: change.kind, expected: revision }
  const reader = new RowReader()
  const write = ({ use }: Blobs) =>
    bigStep(context, request, async (writer) => {
      const blob = await keepLines(rewrites(change, place, reader, context))
      if (blob !== null) use(blob)
      const lines = new Writer(blob ?? '', writer, context)
      let rows = 0
      for await (const one of rewrites(change, place, reader, context)) {
        rows += Math.max(one.rows.length, one.lines.length)
        await lines.add(one)
      }
      lines.keep()
      return { rows, result: null }
    })
  try {
    const { result: _, ...step } = await withBlobs(context, datasetId, write)
    return step
  } finally {
    reader.close()
  }
}
