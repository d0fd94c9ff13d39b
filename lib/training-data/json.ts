import type { Path } from './issue.ts'

/** Deeper nesting than any real example needs; protects all recursive readers after this one. */
export const MAX_DEPTH = 64

export type JsonFault =
  | 'expected-value'
  | 'expected-key'
  | 'expected-colon'
  | 'expected-comma'
  | 'unterminated-string'
  | 'control-character'
  | 'bad-escape'
  | 'extra-data'
  | 'unfinished'
  | 'too-deep'

export interface JsonProblem {
  fault: JsonFault
  /** UTF-16 offset in the text. */
  offset: number
}

/** What `JSON.parse` hides: the second `role` silently wins, `\ud800` becomes U+FFFD, 1e400 becomes Infinity. */
export interface Oddity {
  kind: 'duplicate-key' | 'lone-surrogate' | 'nul-character' | 'number-precision'
  path: Path
  offset: number
}

export interface JsonScan {
  problem: JsonProblem | null
  oddities: Oddity[]
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const SPACE = /[ \t\n\r]*/y
/** All characters up to the next one to examine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings
const PLAIN = /[^"\\\u0000-\u001f]*/y

/** Digits that a double always holds. */
const SAFE_DIGITS = 15
const MOST_DIGITS = 17

/** Whether a number's text has more precision than its double. */
function losesPrecision(source: string): boolean {
  if (source.length <= SAFE_DIGITS && !/e/i.test(source)) return false
  const value = Number(source)
  if (!Number.isFinite(value)) return true
  if (/^-?\d+$/.test(source)) return BigInt(source) !== BigInt(value)
  const digits = source.replace(/e.*/is, '').replace(/[-.]/g, '').replace(/^0+/, '')
  return digits.length > MOST_DIGITS || (value === 0 && /[1-9]/.test(digits))
}

/** Called for the value at `path`, which is `text.slice(start, end)`; the path is reused after the call. */
export type Visit = (path: Path, start: number, end: number) => void

/** Not an exception for callers: `scanJson` turns it into data. */
class Fault extends Error {
  readonly fault: JsonFault
  readonly offset: number
  constructor(fault: JsonFault, offset: number) {
    super(fault)
    this.fault = fault
    this.offset = offset
  }
}

/**
 * Scans one JSON text and reports what is wrong with it, with positions (those in V8's error messages are not
 * stable). `visit` is called for every value at its end, inner values first.
 * Accepts exactly what `JSON.parse` accepts, down to `MAX_DEPTH` levels.
 */
export function scanJson(text: string, visit?: Visit): JsonScan {
  const scanner = new Scanner(text, visit)
  try {
    scanner.document()
    return { problem: null, oddities: scanner.oddities }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { problem: { fault: error.fault, offset: error.offset }, oddities: scanner.oddities }
  }
}

class Scanner {
  readonly oddities: Oddity[] = []
  readonly #text: string
  readonly #visit: Visit | undefined
  readonly #path: (string | number)[] = []
  #at = 0

  constructor(text: string, visit?: Visit) {
    this.#text = text
    this.#visit = visit
  }

  document(): void {
    this.#skip(SPACE)
    this.#value()
    this.#skip(SPACE)
    if (this.#at < this.#text.length) this.#fail('extra-data')
  }

  #value(): void {
    const start = this.#at
    const first = this.#text[start]
    if (first === '{') this.#members('}', () => this.#property(new Set()))
    else if (first === '[') this.#members(']', () => this.#item())
    else if (first === '"') this.#string()
    else if (this.#skip(NUMBER)) this.#number(start)
    else if (!this.#skip(WORD)) this.#fail('expected-value')
    this.#visit?.(this.#path, start, this.#at)
  }

  /** The inside of an object or an array; `reader` makes the function that reads each member. */
  #members(close: '}' | ']', reader: () => () => void): void {
    if (this.#path.length >= MAX_DEPTH) this.#fail('too-deep')
    const member = reader()
    this.#at++
    this.#skip(SPACE)
    if (this.#take(close)) return
    for (;;) {
      member()
      this.#path.pop()
      this.#skip(SPACE)
      if (this.#take(close)) return
      if (!this.#take(',')) this.#fail('expected-comma')
      this.#skip(SPACE)
    }
  }

  #property(seen: Set<string>): () => void {
    return () => {
      const start = this.#at
      if (this.#text[start] !== '"') this.#fail('expected-key')
      const key = this.#string()
      this.#path.push(key)
      if (seen.has(key)) this.#oddity('duplicate-key', start)
      seen.add(key)
      this.#skip(SPACE)
      if (!this.#take(':')) this.#fail('expected-colon')
      this.#skip(SPACE)
      this.#value()
    }
  }

  #item(): () => void {
    let index = 0
    return () => {
      this.#path.push(index++)
      this.#value()
    }
  }

  #number(start: number): void {
    const source = this.#text.slice(start, this.#at)
    if (losesPrecision(source)) this.#oddity('number-precision', start)
  }

  /** The string's value; moves the cursor past its closing quote. */
  #string(): string {
    const start = this.#at++
    for (;;) {
      this.#skip(PLAIN)
      const stop = this.#text[this.#at]
      if (stop === '"') break
      if (stop === undefined) throw new Fault('unterminated-string', start)
      if (stop !== '\\') this.#fail('control-character')
      this.#escape()
    }
    this.#at++
    const raw = this.#text.slice(start, this.#at)
    const value = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
    if (!value.isWellFormed()) this.#oddity('lone-surrogate', start)
    if (value.includes('\0')) this.#oddity('nul-character', start)
    return value
  }

  #escape(): void {
    const letter = this.#text[this.#at + 1]
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.#at + 2, this.#at + 6))) this.#at += 6
    else if (letter !== undefined && '"\\/bfnrt'.includes(letter)) this.#at += 2
    else this.#fail('bad-escape')
  }

  #oddity(kind: Oddity['kind'], offset: number): void {
    this.oddities.push({ kind, path: [...this.#path], offset })
  }

  #take(character: string): boolean {
    const taken = this.#text[this.#at] === character
    if (taken) this.#at++
    return taken
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  /** At the end of the text the fault is `unfinished`: the record may continue on the next line. */
  #fail(fault: JsonFault): never {
    throw new Fault(this.#at >= this.#text.length ? 'unfinished' : fault, this.#at)
  }
}
