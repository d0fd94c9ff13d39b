import { MAX_LINE_BYTES } from '../jsonl.ts'

/** One record of a JSON file: the bytes of its text, or null when they are too many to hold. */
export interface Element {
  /** Physical line that it begins on, from 1. */
  line: number
  /** First byte in the file, and one past the last. */
  start: number
  end: number
  bytes: Uint8Array | null
  /** Spaces before it on its line; null when something else stands before it. */
  indent: number | null
  /** Whether it stands in the list that holds the records. */
  inList: boolean
  /** The file ends inside it. */
  cut: boolean
  /** It goes on, and is too long to be held to its end. */
  long?: boolean
}

const LF = 0x0a
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d]

const isSpace = (byte: number): boolean => byte === 0x20 || byte === LF || byte === 0x09 || byte === 0x0d
const opens = (byte: number): boolean => byte === OPEN_OBJECT || byte === OPEN_LIST
const closes = (byte: number): boolean => byte === CLOSE_OBJECT || byte === CLOSE_LIST

/** A record that is still being read. */
interface Growing {
  line: number
  start: number
  indent: number | null
  inList: boolean
  pieces: Uint8Array[]
  bytes: number
  /** Its bytes are no longer kept. */
  skipped: boolean
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const START = { line: 1, offset: 0, inList: false }

/**
 * Cuts a JSON file into its records while it streams by: the elements of a list however long, or objects that
 * follow one another. Looks at brackets and quotes only; what a record says is for others to read.
 */
export class JsonElements {
  #inList: boolean
  #growing: Growing | null = null
  #depth = 0
  #inString = false
  #escaped = false
  #line: number
  #offset: number
  /** Spaces since the line began; null when something else has come by. */
  #indent: number | null = 0

  /** @param from where the reading begins, when it is not the start of the file */
  constructor({ line, offset, inList }: { line: number; offset: number; inList: boolean } = START) {
    this.#line = line
    this.#offset = offset
    this.#inList = inList
  }

  /** Whether the list that holds the records was opened and not closed. */
  get open(): boolean {
    return this.#inList
  }

  /** Line that the reading has reached. */
  get line(): number {
    return this.#line
  }

  /** The records that end in this piece of the file. */
  push(chunk: Uint8Array): Element[] {
    const found: Element[] = []
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (this.#growing) {
        const end = this.#inside(byte, at)
        if (end === null) {
          if (byte === LF) this.#line++
          continue
        }
        this.#indent = null
        found.push(this.#settle(chunk.subarray(from, end), this.#offset + end))
        // A bare word ends where something else begins, and that has not been looked at yet.
        if (end === at + 1) continue
      }
      if (this.#begins(byte)) {
        from = at
        this.#growing = this.#started(at)
        this.#inside(byte, at)
      } else this.#pass(byte)
    }
    if (this.#growing) this.#keep(chunk.subarray(from))
    this.#offset += chunk.length
    const long = this.#overflow()
    return long ? [...found, long] : found
  }

  #started(at: number): Growing {
    const [line, indent, inList] = [this.#line, this.#indent, this.#inList]
    return { line, start: this.#offset + at, indent, inList, pieces: [], bytes: 0, skipped: false }
  }

  /** Between records: a line end, a space, a comma or a bracket of the list. */
  #pass(byte: number): void {
    if (byte === LF) {
      this.#line++
      this.#indent = 0
    } else if (!isSpace(byte)) this.#indent = null
    else if (this.#indent !== null) this.#indent++
  }

  /** A record that has just become too long, with what is held of it: from now on it is only passed over. */
  #overflow(): Element | null {
    const growing = this.#growing
    if (!growing || growing.skipped || growing.bytes <= MAX_LINE_BYTES) return null
    const { line, start, indent, inList, pieces, bytes } = growing
    growing.pieces = []
    growing.skipped = true
    return {
      line,
      start,
      end: this.#offset,
      bytes: joined(pieces, bytes),
      indent,
      inList,
      cut: false,
      long: true,
    }
  }

  /** What the end of the file leaves over. */
  finish(): Element[] {
    if (!this.#growing) return []
    const cut = this.#depth > 0 || this.#inString
    return [{ ...this.#settle(new Uint8Array(0), this.#offset), cut }]
  }

  /** Between records: whether this byte begins one. */
  #begins(byte: number): boolean {
    if (isSpace(byte) || byte === COMMA) return false
    if (byte === OPEN_LIST && !this.#inList) {
      this.#inList = true
      return false
    }
    if (byte === CLOSE_LIST && this.#inList) {
      this.#inList = false
      return false
    }
    return true
  }

  /** Inside a record: the index at which it is over, or null while it goes on. */
  #inside(byte: number, at: number): number | null {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) {
        this.#inString = false
        if (this.#depth === 0) return at + 1
      }
      return null
    }
    if (byte === QUOTE) this.#inString = true
    else if (opens(byte)) this.#depth++
    else if (this.#depth > 0) {
      if (closes(byte) && --this.#depth === 0) return at + 1
    } else if (isSpace(byte) || byte === COMMA || (byte === CLOSE_LIST && this.#inList)) return at
    return null
  }

  #keep(piece: Uint8Array): void {
    const growing = this.#growing
    if (!growing) return
    growing.bytes += piece.length
    // Copied: whoever reads the file may use the same memory again.
    if (!growing.skipped) growing.pieces.push(piece.slice())
  }

  #settle(last: Uint8Array, end: number): Element {
    this.#keep(last)
    const { line, start, indent, inList, pieces, bytes } = this.#growing as Growing
    this.#growing = null
    this.#depth = 0
    this.#inString = false
    const whole = bytes > MAX_LINE_BYTES ? null : joined(pieces, bytes)
    return { line, start, end, bytes: whole, indent, inList, cut: false }
  }
}

/**
 * Where the next record begins inside of one that is broken and has swallowed it: at a line that begins as its own
 * does.
 */
export function restartIn({ bytes, indent }: Element): { at: number; lines: number } | null {
  if (!bytes) return null
  const spaces = indent ?? 0
  let lines = 0
  for (let feed = bytes.indexOf(LF); feed !== -1; feed = bytes.indexOf(LF, feed + 1)) {
    lines++
    const at = feed + 1 + spaces
    if (bytes[at] !== OPEN_OBJECT) continue
    const before = bytes.subarray(feed + 1, at)
    if (before.every((byte) => byte === 0x20 || byte === 0x09)) return { at, lines }
  }
  return null
}
