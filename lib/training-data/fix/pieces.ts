import { gap } from '../formats/flat.ts'
import { isBlank, MAX_LINE_BYTES } from '../jsonl.ts'
import { readLoose } from '../loose-json.ts'
import { type LineReading, readLine } from '../rules/line.ts'

/** A physical line; `text` is null where the bytes are not UTF-8. */
export interface SourceLine {
  text: string | null
  bom: boolean
  crlf: boolean
  /** Duplicates are searched within one split. */
  split?: 'train' | 'heldout'
}

/**
 * How objects lie on lines: `plain` one per line, `broken` over several, `several` on one, `comma` beside a comma or
 * an invisible character, `row-list` in a list on one line, `file-list` in a list that is the whole file, `blank` none.
 */
export type Layout = 'plain' | 'broken' | 'several' | 'comma' | 'row-list' | 'file-list' | 'blank'

/** Whole physical lines and their objects; `objects` is null when ambiguous. */
export interface Piece {
  /** Index of the first line, from 0. */
  from: number
  lines: readonly SourceLine[]
  objects: readonly string[] | null
  layout: Layout
  /** The parsed line, when it is a single object. */
  read?: LineReading
  /** After skipped lines, this record shows where reading can resume. */
  resumes?: boolean
}

/** Invisible characters from joined or cut files. */
const MARKS = new Set(['\ufeff', '\0', '\u200b', '\u2060'])

/** A pretty-printed record rarely has more. */
const MAX_LINES = 1_000

/** Keys of a whole record, as opposed to a part of a record. */
const RECORD_KEYS = ['messages', 'prompt', 'conversations', 'instruction', 'preferred_output']

/** Whether the line is an object that is almost JSON, with other quotes than the scan of brackets knows. */
const isLooseObject = (text: string): boolean => readLoose(text)?.json.startsWith('{') ?? false

/** Reads a text as one line. */
export const readText = (text: string): LineReading =>
  readLine({ number: 1, text, bytes: 0, bom: false, crlf: false })

function isWholeRecord(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  const { value } = readText(text.trimEnd().replace(/,$/, ''))
  return value !== null && RECORD_KEYS.some((key) => key in value)
}

/**
 * Finds the objects of a file that is not one object per line: records broken over several lines, lists, several
 * objects on one line. Scans brackets and quotes only; buffers no more than an unfinished record.
 */
export class Pieces {
  #next = 0
  #held: SourceLine[] = []
  #objects: string[] = []
  /** The held lines have brackets or commas of a list that is the whole file. */
  #list = false
  /** A list began in the held lines. */
  #opened = false
  #comma = false
  /** Parts of the unfinished object. */
  #open: string[] = []
  #depth = 0
  #inString = false
  #size = 0
  /** Inside the list that is the whole file; it can only begin on the first line that is not blank. */
  #inList = false
  #begun = false
  /** Inside a list that began on this line. */
  #lineList = false
  /** Lines were skipped: the nesting is unknown until the next whole record. */
  #lost = false

  /** The pieces that end with this line. */
  add(line: SourceLine): Piece[] {
    const { text } = line
    if (text === null || text.length > MAX_LINE_BYTES) return [...this.finish(), this.#asItIs(line)]
    const resumes = this.#resumes(text)
    const settled = resumes ? this.finish() : []
    if (this.#held.length === 0 && isBlank(text)) return [...settled, this.#piece([line], [], 'blank')]
    if (this.#held.length === 0 && this.#lost) return [...settled, this.#asItIs(line)]
    const taken = this.#take(line, text)
    return [...settled, ...(resumes ? taken.map((piece) => ({ ...piece, resumes })) : taken)]
  }

  /** Ends the file: an unfinished piece stays unchanged. */
  finish(): Piece[] {
    const held = this.#held
    if (this.#opened) this.#inList = false
    this.#reset()
    return held.length > 0 ? [this.#piece(held, null)] : []
  }

  /** The list's opening could not be fixed: its other brackets stay too. */
  forgetList(): void {
    this.#inList = false
  }

  /** Whether a record begins here although another is unfinished. */
  #resumes(text: string): boolean {
    if (this.#depth === 0 && !this.#lost) return false
    const whole = isWholeRecord(text) || this.#breaksAt(text)
    if (whole) this.#lost = false
    return whole
  }

  /** Whether an object begins here that cannot be inside the open one: no comma, colon or bracket before it. */
  #breaksAt(text: string): boolean {
    if (this.#depth === 0 || this.#inString || !/^\s*\{/.test(text)) return false
    return !'[{,:'.includes(this.#open.at(-1)?.trimEnd().at(-1) ?? ':')
  }

  #take(line: SourceLine, text: string): Piece[] {
    const first = !this.#begun
    this.#begun = true
    const read = this.#held.length === 0 ? readText(text) : null
    if (read && read.value !== null) return [{ ...this.#piece([line], [text.trim()]), read }]
    if (read && isLooseObject(text)) return [{ ...this.#piece([line], [text]), read }]
    this.#held.push(line)
    this.#size += text.length
    if (!this.#read(text) || !this.#settlesList(first)) return this.#giveUp()
    // A bracket that opens a list waits for its first object.
    const waits = this.#depth > 0 || (this.#opened && this.#objects.length === 0)
    if (!waits) return this.#settle()
    if (this.#held.length < MAX_LINES && this.#size <= MAX_LINE_BYTES) return []
    return this.#giveUp()
  }

  #settle(): Piece[] {
    const [held, objects, layout] = [this.#held, this.#objects, this.#layout()]
    this.#reset()
    return [this.#piece(held, objects, layout)]
  }

  #layout(): Layout {
    if (this.#list || (this.#inList && (this.#comma || this.#held.length > 1))) return 'file-list'
    if (this.#opened) return 'row-list'
    if (this.#objects.length > 1) return 'several'
    if (this.#held.length > 1) return 'broken'
    return this.#comma ? 'comma' : 'plain'
  }

  #giveUp(): Piece[] {
    this.#lost = true
    return this.finish()
  }

  /** A list that is open at a line's end continues only if it is the whole file. */
  #settlesList(first: boolean): boolean {
    if (!this.#lineList) return true
    this.#lineList = false
    this.#inList = this.#list = first
    return first
  }

  /** Scans one line's brackets; false for unexpected text between objects. */
  #read(text: string): boolean {
    const brokenString = this.#inString
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const sign = text[at] as string
      if (this.#inString) {
        if (sign === '\\') at++
        else if (sign === '"') this.#inString = false
        // A line break after a backslash looks the same as an extra backslash.
        if (at >= text.length) return false
      } else if (this.#depth === 0) {
        if (sign === '{') start = at
        if (!this.#between(sign)) return false
      } else if (sign === '"') this.#inString = true
      else if (sign === '{' || sign === '[') this.#depth++
      else if ((sign === '}' || sign === ']') && --this.#depth === 0) {
        this.#keep(text.slice(start, at + 1), brokenString)
        this.#objects.push(this.#open.join(''))
        this.#open = []
      }
    }
    if (this.#depth > 0) this.#keep(text.slice(start), brokenString)
    return true
  }

  /** Adds to the open object. A raw line break inside a string becomes `\n`. */
  #keep(part: string, brokenString: boolean): void {
    const last = this.#open.at(-1)
    if (last === undefined) this.#open.push(part)
    else if (brokenString) this.#open.push('\\n', part)
    else if (part.trim() !== '') {
      const [left, right] = [last.trimEnd(), part.trimStart()]
      this.#open.splice(-1, 1, left, gap(left, right), right)
    }
  }

  /** A character outside all objects. */
  #between(sign: string): boolean {
    if (sign === '{') this.#depth = 1
    else if (sign === '[') return this.#opens()
    else if (sign === ']') return this.#closes()
    else if (sign === ',' && this.#objects.length > 0) this.#comma = true
    else if (sign === ',' && this.#inList && !this.#opened) this.#list = true
    else if (MARKS.has(sign)) this.#comma = true
    else return sign === ' ' || sign === '\t' || sign === '\r'
    return true
  }

  #opens(): boolean {
    if (this.#lineList || this.#opened) return false
    this.#lineList = this.#opened = true
    return true
  }

  /** An empty list cannot become lines. */
  #closes(): boolean {
    if ((!this.#lineList && !this.#inList) || (this.#opened && this.#objects.length === 0)) return false
    if (this.#lineList) this.#lineList = false
    else {
      this.#inList = false
      this.#list = true
    }
    return true
  }

  #asItIs(line: SourceLine): Piece {
    return this.#piece([line], null)
  }

  #piece(lines: readonly SourceLine[], objects: readonly string[] | null, layout: Layout = 'plain'): Piece {
    const from = this.#next
    this.#next += lines.length
    return { from, lines, objects, layout }
  }

  #reset(): void {
    this.#held = []
    this.#objects = []
    this.#list = false
    this.#opened = false
    this.#lineList = false
    this.#comma = false
    this.#open = []
    this.#depth = 0
    this.#inString = false
    this.#size = 0
  }
}
