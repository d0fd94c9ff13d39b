import { gap } from '../formats/flat.ts'
import { isBlank, MAX_LINE_BYTES } from '../jsonl.ts'
import { readLoose } from '../loose-json.ts'
import { type LineReading, readLine } from '../rules/line.ts'

/** A physical line; `text` is null where the bytes are not UTF-8. */
export interface SourceLine {
  text: string | null
  bom: boolean
  crlf: boolean
  /** Copies are looked for within one split only. */
  split?: 'train' | 'heldout'
}

/**
 * How objects lie on their lines: `plain` one a line, `broken` over several, `several` on one, `comma` with one
 * or an invisible character beside it, `row-list` in a list on one line, `file-list` in the list that the file is, `blank` none at all.
 */
export type Layout = 'plain' | 'broken' | 'several' | 'comma' | 'row-list' | 'file-list' | 'blank'

/** Whole physical lines, and the objects that stand on them; null when that is not certain. */
export interface Piece {
  /** Index of the first line, from 0. */
  from: number
  lines: readonly SourceLine[]
  objects: readonly string[] | null
  layout: Layout
  /** What was read of the line, when it is one object and nothing else. */
  read?: LineReading
  /** By this record one knows where one is again, behind something that was given up. */
  resumes?: boolean
}

/** Invisible characters that files bring along when they are joined or cut. */
const MARKS = new Set(['\ufeff', '\0', '\u200b', '\u2060'])

/** A pretty-printed record rarely has more. */
const MAX_LINES = 1_000

/** Keys by which a line is known as a record and not as a part of one. */
const RECORD_KEYS = ['messages', 'prompt', 'conversations', 'instruction', 'preferred_output']

/** Whether the line holds an object that is not quite JSON. Its quotes are not those that brackets are told by. */
const isLooseObject = (text: string): boolean => readLoose(text)?.json.startsWith('{') ?? false

/** Reads a text as a line of its own. */
export const readText = (text: string): LineReading =>
  readLine({ number: 1, text, bytes: 0, bom: false, crlf: false })

function isWholeRecord(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  const { value } = readText(text.trimEnd().replace(/,$/, ''))
  return value !== null && RECORD_KEYS.some((key) => key in value)
}

/**
 * Finds the objects of a file that is not one object a line: records broken over several lines, lists, several
 * objects on one line. Looks at brackets and quotes only; holds back no more than an unfinished record.
 */
export class Pieces {
  #next = 0
  #held: SourceLine[] = []
  #objects: string[] = []
  /** Brackets and commas of the list that the file is. */
  #list = false
  /** A list began in what is held. */
  #opened = false
  #comma = false
  /** Parts of the object that is not closed yet. */
  #open: string[] = []
  #depth = 0
  #inString = false
  #size = 0
  /** Between the brackets of the list that the file is; it can begin on the first line with words only. */
  #inList = false
  #begun = false
  /** Between the brackets of a list that began on this line. */
  #lineList = false
  /** Something was given up: until the next whole record, nobody knows what is inside what. */
  #lost = false

  /** The pieces that this line settles. */
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

  /** Gives up what is not finished: it stays as it is. */
  finish(): Piece[] {
    const held = this.#held
    if (this.#opened) this.#inList = false
    this.#reset()
    return held.length > 0 ? [this.#piece(held, null)] : []
  }

  /** The list could not be mended where it begins: its other brackets stay too. */
  forgetList(): void {
    this.#inList = false
  }

  /** Whether a record begins here although another one is still open. */
  #resumes(text: string): boolean {
    if (this.#depth === 0 && !this.#lost) return false
    const whole = isWholeRecord(text) || this.#breaksAt(text)
    if (whole) this.#lost = false
    return whole
  }

  /** Whether an object begins here that cannot belong to the open one: no comma and no bracket comes before it. */
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
    // A bracket that opens the list waits for what stands in it.
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

  /** A list that is open at the end of a line goes on only where it is the whole file. */
  #settlesList(first: boolean): boolean {
    if (!this.#lineList) return true
    this.#lineList = false
    this.#inList = this.#list = first
    return first
  }

  /** Reads one line's brackets; false where something stands that has no place between objects. */
  #read(text: string): boolean {
    const brokenString = this.#inString
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const sign = text[at] as string
      if (this.#inString) {
        if (sign === '\\') at++
        else if (sign === '"') this.#inString = false
        // A line break behind a backslash cannot be told from a backslash too many.
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

  /** Adds to the open object. A break inside a string is the `\n` that its writer meant. */
  #keep(part: string, brokenString: boolean): void {
    const last = this.#open.at(-1)
    if (last === undefined) this.#open.push(part)
    else if (brokenString) this.#open.push('\\n', part)
    else if (part.trim() !== '') {
      const [left, right] = [last.trimEnd(), part.trimStart()]
      this.#open.splice(-1, 1, left, gap(left, right), right)
    }
  }

  /** A sign outside of every object. */
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

  /** A list of nothing is none that could be lines. */
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
