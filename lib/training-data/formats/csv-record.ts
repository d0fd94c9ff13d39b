const QUOTE = '"'

/** `open`: a quoted cell continues on the next line. `broken`: a misplaced quote. */
export type CsvState = 'whole' | 'open' | 'broken'

/** Index of the first character from `at` on that is not a space. */
function pastSpaces(line: string, at: number): number {
  let next = at
  while (line[next] === ' ') next++
  return next
}

/** Reads one CSV record line by line: RFC 4180, and spaces around quotes. */
export class CsvRecord {
  readonly cells: string[] = []
  readonly #delimiter: string
  /** Text of the unfinished quoted cell. */
  #open: string | null = null

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** @param line without its LF; may end in CR */
  add(line: string): CsvState {
    let at = 0
    if (this.#open !== null) {
      at = this.#quoted(line, 0)
      if (at === line.length + 1) return 'open'
    }
    for (let first = at === 0 && this.cells.length === 0; ; first = false) {
      if (!first) {
        if (this.#isEnd(line, at)) return 'whole'
        if (line[at] !== this.#delimiter) return 'broken'
        at++
      }
      const start = pastSpaces(line, at)
      if (line[start] === QUOTE) {
        this.#open = ''
        at = this.#quoted(line, start + 1)
        if (at === line.length + 1) return 'open'
      } else {
        const cell = this.#plain(line, at)
        if (cell.includes(QUOTE)) return 'broken'
        at += cell.length
        this.cells.push(this.#isEnd(line, at) && cell.endsWith('\r') ? cell.slice(0, -1) : cell)
      }
    }
  }

  #isEnd(line: string, at: number): boolean {
    return at === line.length || (at === line.length - 1 && line[at] === '\r')
  }

  /** Whether a quoted cell can end at this quote. If not, a quote after a backslash is part of the text. */
  #mayEnd(line: string, at: number): boolean {
    const next = pastSpaces(line, at)
    return this.#isEnd(line, next) || line[next] === this.#delimiter
  }

  #plain(line: string, at: number): string {
    const end = line.indexOf(this.#delimiter, at)
    return line.slice(at, end === -1 ? line.length : end)
  }

  /** Reads a quoted cell. @returns the index after its quote; past the line's end while the cell is unfinished */
  #quoted(line: string, from: number): number {
    let [at, text] = [from, this.#open ?? '']
    for (let quote = line.indexOf(QUOTE, at); quote !== -1; quote = line.indexOf(QUOTE, at)) {
      const doubled = line[quote + 1] === QUOTE
      if (!doubled && line[quote - 1] === '\\' && !this.#mayEnd(line, quote + 1)) {
        text += `${line.slice(at, quote - 1)}${QUOTE}`
        at = quote + 1
        continue
      }
      text += line.slice(at, doubled ? quote + 1 : quote)
      at = quote + (doubled ? 2 : 1)
      if (doubled) continue
      this.cells.push(text)
      this.#open = null
      return pastSpaces(line, at)
    }
    this.#open = `${text}${line.slice(at)}\n`
    return line.length + 1
  }
}

/** Whether a line is a whole record with this number of cells. */
export function isRecordLine(line: string, delimiter: string, columns: number): boolean {
  const record = new CsvRecord(delimiter)
  return record.add(line) === 'whole' && record.cells.length === columns
}

/** The line that tells spreadsheets the delimiter; not a record. */
const SEPARATOR = /^\ufeff?"?sep=(.)"?\r?$/i

/** The delimiter of a `sep=` line; null for other lines. */
export const namedSeparator = (line: string): string | null => SEPARATOR.exec(line)?.[1] ?? null

/** The line break of a text: old Mac programs wrote CR without LF. */
export const lineBreakOf = (text: string): '\n' | '\r' =>
  !text.includes('\n') && text.includes('\r') ? '\r' : '\n'
