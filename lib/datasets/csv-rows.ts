import { columnNames } from '#lib/training-data/formats/csv-head.ts'
import { CsvRecord, isRecordLine, namedSeparator } from '#lib/training-data/formats/csv-record.ts'
import type { ImportPlan, Refused } from '#lib/training-data/formats/plan.ts'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'
import { beginning, type FileLine, linesIn, tooBig } from './lines.ts'
import type { ReadRecord } from './records.ts'

const LF = 0x0a
const CR = 0x0d
/** Bytes searched for the first line end, to tell LF from CR. */
const LOOKED_AT = 256 * 1024
/** Delimiters within one multi-line cell from which on its lines look like separate records. */
const SUSPICIOUS = 3

const strict = new TextDecoder('utf-8', { fatal: true })
const lossy = new TextDecoder()

/** Whether the table has no heading, and how many lines stand above the heading. */
type TableForm = Pick<ImportPlan, 'headless' | 'skip'>

/** The ruler under the heading of a Markdown table or of a database's text output. */
const RULER = /^[ |:+-]+\r?$/

type Place = Pick<ReadRecord, 'line' | 'start' | 'end'>

interface TextLine {
  place: Omit<FileLine, 'bytes'>
  text: string
  utf8: boolean
}

function textOf({ bytes, ...place }: FileLine): TextLine | null {
  if (bytes === null) return null
  try {
    return { place, text: strict.decode(bytes), utf8: true }
  } catch {
    return { place, text: lossy.decode(bytes), utf8: false }
  }
}

/** Parses a table line by line. A broken record does not affect the records after it. */
class Table {
  readonly #delimiter: string
  readonly #headless: boolean
  readonly #skip: number
  #heading: readonly string[] = []
  #columns: readonly string[] | null = null
  /** Lines of the unfinished record. */
  #held: TextLine[] = []
  #bytes = 0
  #record: CsvRecord
  /** Lines that cannot be read because the heading is broken: where, and how many. */
  #unread: (Place & { lines: number }) | null = null

  constructor(delimiter: string, { headless, skip = 0 }: TableForm) {
    this.#delimiter = delimiter
    this.#headless = headless === true
    this.#skip = skip
    this.#record = new CsvRecord(delimiter)
  }

  /** The records that this line completes. */
  *add(line: FileLine): Generator<ReadRecord> {
    const text = textOf(line)
    if (text) return yield* this.#read([text])
    while (this.#held.length > 0) yield* this.#giveUp('csv-unclosed')
    yield { line: line.line, start: line.start, end: line.next, ...tooBig }
  }

  *finish(): Generator<ReadRecord> {
    while (this.#held.length > 0) yield* this.#giveUp('csv-unclosed')
    const { lines = 0, ...place } = this.#unread ?? {}
    if (lines > 0) yield { ...(place as Place), problem: 'unread', values: { lines } }
  }

  *#read(lines: readonly TextLine[]): Generator<ReadRecord> {
    for (const line of lines) {
      if (this.#unread) this.#countUnread(line)
      else if (!this.#isSkipped(line)) yield* this.#take(line)
    }
  }

  /** Blank lines between records, lines above the headings, and a line such as `sep=;`. */
  #isSkipped({ text, place }: TextLine): boolean {
    if (this.#held.length > 0) return false
    if (place.line <= this.#skip) return true
    if (this.#delimiter === '|' && text.includes('---') && RULER.test(text)) return true
    return text === '' || text === '\r' || (place.line === 1 && namedSeparator(text) !== null)
  }

  #countUnread({ place, text }: TextLine): void {
    if (!this.#unread || text.trim() === '') return
    this.#unread.lines++
    this.#unread.end = place.next
  }

  *#take(line: TextLine): Generator<ReadRecord> {
    this.#held.push(line)
    this.#bytes += line.place.next - line.place.start
    const state = this.#record.add(line.text)
    if (state === 'broken') return yield* this.#giveUp('csv-quote')
    if (state === 'open') {
      if (this.#bytes > MAX_LINE_BYTES) yield* this.#giveUp('too-big')
      return
    }
    const several = this.#held.length > 1 && this.#held.every((one) => this.#fits(one))
    if (several && this.#delimiter === '\t') return yield* this.#unquoted()
    const { cells } = this.#record
    yield* this.#settle(this.#reset(), cells, several)
  }

  #reset(): TextLine[] {
    const held = this.#held
    this.#held = []
    this.#bytes = 0
    this.#record = new CsvRecord(this.#delimiter)
    return held
  }

  /** Whether a line has as many cells as the heading when its quotes mean nothing. */
  #fits({ text }: TextLine): boolean {
    return this.#columns !== null && text.split(this.#delimiter).length === this.#columns.length
  }

  /** Cells copied from a spreadsheet are not quoted: quotes in them are text. */
  *#unquoted(): Generator<ReadRecord> {
    const [first, ...rest] = this.#reset()
    if (!first) return
    const text = first.text.endsWith('\r') ? first.text.slice(0, -1) : first.text
    yield* this.#settle([first], text.split(this.#delimiter))
    yield* this.#read(rest)
  }

  /**
   * Refuses the broken record and restarts: at its second line if most lines after the first look like records (a stray
   * quote has swallowed them), else after it.
   */
  *#giveUp(problem: 'csv-quote' | 'csv-unclosed' | 'too-big'): Generator<ReadRecord> {
    const [first] = this.#held
    if (this.#delimiter === '\t' && first && this.#fits(first)) return yield* this.#unquoted()
    const lines = this.#reset()
    const restart = this.#restart(lines, problem === 'csv-quote')
    const refused = lines.slice(0, restart)
    yield* this.#refuse(
      refused,
      problem === 'too-big' ? tooBig : { problem, values: { lines: refused.length } },
    )
    yield* this.#read(lines.slice(restart))
  }

  /** @param atLast whether the error is in the last line */
  #restart(lines: readonly TextLine[], atLast: boolean): number {
    const columns = this.#columns?.length ?? 0
    const isRecord = (line: TextLine | undefined) =>
      line !== undefined && isRecordLine(line.text, this.#delimiter, columns)
    const between = lines.slice(1, atLast ? -1 : undefined)
    if (between.length > 0 && between.filter(isRecord).length * 2 >= between.length) return 1
    return lines.length > 1 && atLast && isRecord(lines.at(-1)) ? lines.length - 1 : lines.length
  }

  *#refuse(lines: readonly TextLine[], refused: Refused): Generator<ReadRecord> {
    const place = placeOf(lines)
    if (!this.#columns)
      this.#unread = { line: place.line + lines.length, start: place.end, end: place.end, lines: 0 }
    yield { ...place, ...refused }
  }

  /** In tables with bars, spaces only align the cells. */
  #cell(text: string | undefined): string | undefined {
    return this.#delimiter === '|' ? text?.trim() : text
  }

  /** @param several whether each line could be a record */
  *#settle(lines: readonly TextLine[], cells: readonly string[], several = false): Generator<ReadRecord> {
    if (lines.some(({ utf8 }) => !utf8))
      return yield* this.#refuse(lines, { problem: 'not-utf8', values: {} })
    if (!this.#columns && !this.#headless) {
      this.#heading = cells
      this.#columns = columnNames(cells)
      return
    }
    this.#columns ??= columnNames(cells.map(() => ''))
    const columns = this.#columns
    if (cells.length !== columns.length) {
      const values = { cells: cells.length, columns: columns.length }
      return yield* this.#refuse(lines, { problem: 'csv-cells', values })
    }
    // Concatenated files repeat the heading.
    if (!this.#headless && cells.every((cell, at) => cell === this.#heading[at]))
      return yield* this.#refuse(lines, { problem: 'csv-heading', values: {} })
    const value = Object.fromEntries(columns.map((name, at) => [name, this.#cell(cells[at])]))
    const swallowed = lines.length - 1
    const doubt = several && swallowed * (columns.length - 1) >= SUSPICIOUS
    yield {
      ...placeOf(lines),
      value,
      text: null,
      ...(doubt && { doubt: { problem: 'csv-swallowed', values: { lines: swallowed } } }),
    }
  }
}

function placeOf(lines: readonly TextLine[]): Place {
  const { line, start } = lines[0]?.place ?? { line: 1, start: 0 }
  return { line, start, end: lines.at(-1)?.place.next ?? start }
}

/**
 * The rows of a table as objects of strings, keyed by its heading. A broken record is refused with its line, and reading
 * continues after it.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
  form: TableForm = {},
): AsyncGenerator<ReadRecord> {
  const { head, all } = await beginning(chunks, (bytes) => bytes.includes(LF) || bytes.length > LOOKED_AT)
  const ending = !head.includes(LF) && head.includes(CR) ? CR : LF
  const table = new Table(delimiter, form)
  for await (const line of linesIn(all, ending)) yield* table.add(line)
  yield* table.finish()
}
