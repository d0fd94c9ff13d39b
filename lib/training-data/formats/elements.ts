import { MAX_LINE_BYTES } from '../jsonl.ts'

/** One record of a JSON file; `bytes` is its text, null if too long to hold. */
export interface Element {
  /** Physical line of its start, from 1. */
  line: number
  /** Byte range in the file; `end` is one past the last byte. */
  start: number
  end: number
  bytes: Uint8Array | null
  /** Spaces before it on its line; null when anything else precedes it. */
  indent: number | null
  /** Whether it is in the list of records. */
  inList: boolean
  /** The file ends inside the record. */
  cut: boolean
  /** The record is too long to hold; it continues. */
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

/** An unfinished record. */
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
 * Splits a JSON stream into its records: the elements of a list of any length, or consecutive objects. Scans
 * brackets and quotes only.
 */
export class JsonElements {
  #inList: boolean
  #growing: Growing | null = null
  #depth = 0
  #inString = false
  #escaped = false
  #line: number
  #offset: number
  /** Spaces since the start of the line; null after anything else. */
  #indent: number | null = 0

  /** @param from where reading begins; default the start of the file */
  constructor({ line, offset, inList }: { line: number; offset: number; inList: boolean } = START) {
    this.#line = line
    this.#offset = offset
    this.#inList = inList
  }

  /** Whether the list of records is open. */
  get open(): boolean {
    return this.#inList
  }

  /** Current line. */
  get line(): number {
    return this.#line
  }

  /** The records that end in this chunk. */
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
        // A bare word ends at the next token, whose byte is not read yet.
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

  /** A record that has just become too long, with the bytes held until now; the rest is skipped. */
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

  /** The unfinished record at the end of the file. */
  finish(): Element[] {
    if (!this.#growing) return []
    const cut = this.#depth > 0 || this.#inString
    return [{ ...this.#settle(new Uint8Array(0), this.#offset), cut }]
  }

  /** Between records: whether this byte begins a record. */
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

  /** Inside a record: the index of its end, or null if it continues. */
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
    // Copied: the reader of the file may reuse its buffer.
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
 * Where the next record begins inside a broken record that swallowed it: at a line that begins an object at the same indent.
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
