import { CsvError, type Parser, parse } from 'csv-parse'
import { columnNames } from '#lib/examples/formats/csv-head.ts'
import type { ImportProblem, Refused } from '#lib/examples/formats/plan.ts'
import { MAX_LINE_BYTES } from '#lib/examples/jsonl.ts'
import type { ReadRecord } from './records.ts'

const LF = 0x0a
const BOM = [0xef, 0xbb, 0xbf]
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Where lines end in the bytes that went by. */
class LineEnds {
  #ends: number[] = []
  #passed = 0
  #gone = 0
  #read = 0

  add(chunk: Uint8Array): void {
    for (let feed = chunk.indexOf(LF); feed !== -1; feed = chunk.indexOf(LF, feed + 1))
      this.#ends.push(this.#read + feed)
    this.#read += chunk.length
  }

  /** Line of the byte at `offset`, from 1; offsets only grow from call to call. */
  lineOf(offset: number): number {
    while ((this.#ends[this.#passed] ?? offset) < offset) this.#passed++
    const line = this.#gone + this.#passed + 1
    if (this.#passed < 10_000) return line
    this.#ends.splice(0, this.#passed)
    this.#gone += this.#passed
    this.#passed = 0
    return line
  }
}

interface Row {
  cells: string[]
  /** One past its last byte, and the blank lines up to there. */
  end: number
  blank: number
}

const problems: Partial<Record<string, ImportProblem>> = {
  CSV_INVALID_CLOSING_QUOTE: 'csv-quote',
  INVALID_OPENING_QUOTE: 'csv-quote',
  CSV_QUOTE_NOT_CLOSED: 'csv-unclosed',
  CSV_MAX_RECORD_SIZE: 'too-big',
}

/** @param error of the parser; null when a record is too long */
function refusal(error: Error | null): Refused {
  const problem = error instanceof CsvError ? problems[error.code] : 'too-big'
  if (!problem) throw error
  return { problem, values: problem === 'too-big' ? { megabytes: MAX_LINE_BYTES / 2 ** 20 } : {} }
}

/** The parser hands on bytes as Latin-1, one character each, since it would read broken UTF-8 without a word. */
const decoded = (cell: string): string => strict.decode(Buffer.from(cell, 'latin1'))

function readRow(
  cells: readonly string[],
  columns: readonly string[],
): { value: unknown; text: null } | Refused {
  if (cells.length !== columns.length) {
    return { problem: 'csv-cells', values: { cells: cells.length, columns: columns.length } }
  }
  try {
    return {
      value: Object.fromEntries(columns.map((name, at) => [name, decoded(cells[at] ?? '')])),
      text: null,
    }
  } catch {
    return { problem: 'not-utf8', values: {} }
  }
}

function namesOf(header: readonly string[]): string[] | null {
  try {
    return columnNames(header.map(decoded))
  } catch {
    return null
  }
}

/**
 * The parser as a function of the bytes: rows are taken as they are found, since a stream that fails drops those
 * that nobody has read yet.
 */
class Rows {
  #found: Row[] = []
  readonly #parser: Parser

  constructor(delimiter: string) {
    this.#parser = parse({
      delimiter,
      encoding: 'latin1',
      max_record_size: MAX_LINE_BYTES,
      on_record: (cells: string[], { bytes, empty_lines }) => {
        this.#found.push({ cells, end: bytes, blank: empty_lines })
        return null
      },
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
    })
    // Told to whoever writes.
    this.#parser.on('error', () => undefined)
  }

  /** @param chunk null at the end */
  feed(chunk: Uint8Array | null): Promise<Error | null> {
    return new Promise((resolve) => {
      const done = (error?: Error | null) => resolve(error ?? null)
      if (chunk) this.#parser.write(chunk, done)
      else this.#parser.end(done)
    })
  }

  take(): Row[] {
    const found = this.#found
    this.#found = []
    return found
  }
}

const hasMark = (chunk: Uint8Array): boolean => BOM.every((byte, index) => chunk[index] === byte)

/**
 * The rows of a table under its header, as objects of texts. A quote out of place makes the rest unreadable: that is
 * told, and then the reading ends.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<ReadRecord> {
  const ends = new LineEnds()
  const rows = new Rows(delimiter)
  let columns: string[] | null = null
  let [read, mark, start, blank] = [0, 0, 0, 0]
  for await (const chunk of endingWithNull(chunks)) {
    if (chunk) ends.add(chunk)
    if (chunk && read === 0 && hasMark(chunk)) mark = BOM.length
    const error = await rows.feed(chunk && read === 0 ? chunk.subarray(mark) : chunk)
    read += chunk?.length ?? 0
    for (const row of rows.take()) {
      const place = { line: ends.lineOf(start) + row.blank - blank, start, end: row.end + mark }
      start = place.end
      blank = row.blank
      if (columns) yield { ...place, ...readRow(row.cells, columns) }
      else columns = namesOf(row.cells)
      if (!columns) return yield { ...place, problem: 'not-utf8', values: {} }
    }
    // Cells without a sign in them count nothing for the parser's own limit.
    const long = read - start > MAX_LINE_BYTES
    if (error || long) return yield { line: ends.lineOf(start), start, end: start, ...refusal(error) }
  }
}

async function* endingWithNull(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null> {
  yield* chunks
  yield null
}
