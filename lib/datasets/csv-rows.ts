import { columnNames } from '#lib/training-data/formats/csv-head.ts'
import { CsvRecord, isRecordLine, namedSeparator } from '#lib/training-data/formats/csv-record.ts'
import type { ImportPlan, Refused } from '#lib/training-data/formats/plan.ts'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'
import { beginning, type FileLine, linesIn, tooBig } from './lines.ts'
import type { ReadRecord } from './records.ts'

const LF = 0x0a
const CR = 0x0d
/** A first line longer than this says nothing about how lines end. */
const LOOKED_AT = 256 * 1024
/** Delimiters in the lines of one cell from which on they look like records of their own. */
const SUSPICIOUS = 3

const strict = new TextDecoder('utf-8', { fatal: true })
const lossy = new TextDecoder()

/** Whether the first line is a row too, and how many lines stand above the headings. */
type TableForm = Pick<ImportPlan, 'headless' | 'skip'>

/** The line under the headings of a table in Markdown, or of a database's. */
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

/** The rows of a table, taken line by line. A record that is broken does not break the ones behind it. */
class Table {
  readonly #delimiter: string
  readonly #headless: boolean
  readonly #skip: number
  #heading: readonly string[] = []
  #columns: readonly string[] | null = null
  /** Lines of the record that is still open. */
  #held: TextLine[] = []
  #bytes = 0
  #record: CsvRecord
  /** Where the lines stand that nobody can read because the heading is broken, and how many they are. */
  #unread: (Place & { lines: number }) | null = null

  constructor(delimiter: string, { headless, skip = 0 }: TableForm) {
    this.#delimiter = delimiter
    this.#headless = headless === true
    this.#skip = skip
    this.#record = new CsvRecord(delimiter)
  }

  /** The records that this line settles. */
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

  /** What is copied from a spreadsheet has no quotes around its cells: those in it are text. */
  *#unquoted(): Generator<ReadRecord> {
    const [first, ...rest] = this.#reset()
    if (!first) return
    const text = first.text.endsWith('\r') ? first.text.slice(0, -1) : first.text
    yield* this.#settle([first], text.split(this.#delimiter))
    yield* this.#read(rest)
  }

  /**
   * Refuses the broken record and begins again: at its second line when most lines behind the first look like
   * records, since then a stray quote has swallowed them; else behind it.
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

  /** @param atLast the last line holds the fault; else there is none to be seen in it */
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

  /** In tables with bars, spaces only line the cells up. */
  #cell(text: string | undefined): string | undefined {
    return this.#delimiter === '|' ? text?.trim() : text
  }

  /** @param several each of the lines could be a record */
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
    // Files that were joined bring their headings along.
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
 * The rows of a table under its heading, as objects of texts. A broken record is refused by its line, and the
 * reading begins again behind it.
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
