import { MAX_DEPTH, scanJson } from './json.ts'

/** Where text that is almost JSON comes from. */
export type Origin =
  | 'python'
  | 'spreadsheet'
  | 'curly-quotes'
  | 'javascript'
  | 'not-a-number'
  | 'mark'
  | 'prefix'
  | 'control'
  | 'comma'

export interface LooseJson {
  /** The text as JSON; valid parts keep their characters. */
  json: string
  origin: Origin
}

/** By priority: the first one found is the text's origin. */
const telling: readonly Origin[] = [
  'spreadsheet',
  'python',
  'curly-quotes',
  'javascript',
  'not-a-number',
  'mark',
  'control',
  'comma',
]

const escapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
}

const escaped = (sign: string): string =>
  escapes[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Byte order marks, NULs and zero-width characters: between values they mean nothing. */
const isMark = (sign: string | undefined): boolean =>
  sign === '\ufeff' || sign === '\0' || sign === '\u200b' || sign === '\u2060' || sign === '\u00a0'
const isSpace = (sign: string | undefined): boolean =>
  sign === ' ' || sign === '\t' || sign === '\r' || sign === '\n'

/** Opening quotes, each with its closing quotes. */
const closers: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '“”"',
  '”': '“”"',
  '„': '“”"',
  '‘': "‘’'",
  '’': "‘’'",
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /-?[A-Za-z_$][\w$]*/y
/** All characters up to the next one to examine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings
const PLAIN = /[^"'“”„‘’\\\u0000-\u001f]*/y
/** An escape of Python or JavaScript that JSON does not know, with the code of its character. */
const FOREIGN_ESCAPE = /\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))/y

/** Bare words, each with its JSON and its origin. */
const words: Readonly<Record<string, readonly [string, Origin | null]>> = {
  true: ['true', null],
  false: ['false', null],
  null: ['null', null],
  True: ['true', 'python'],
  False: ['false', 'python'],
  None: ['null', 'python'],
  nan: ['null', 'python'],
  inf: ['null', 'python'],
  '-inf': ['null', 'python'],
  NaN: ['null', 'not-a-number'],
  Infinity: ['null', 'not-a-number'],
  '-Infinity': ['null', 'not-a-number'],
  undefined: ['null', 'javascript'],
}

/** Not an exception for callers: `readLoose` turns it into null. */
class Unreadable extends Error {}

/** Scans a text as long as it has only one meaning, and records the parts to rewrite. */
class LooseScanner {
  readonly found = new Set<Origin>()
  readonly #text: string
  readonly #spots: { start: number; end: number; by: string }[] = []
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): string {
    this.#space()
    this.#value()
    this.#space()
    if (this.#at < this.#text.length) throw new Unreadable()
    return this.#spliced()
  }

  #spliced(): string {
    const parts: string[] = []
    let from = 0
    for (const { start, end, by } of this.#spots.toSorted((a, b) => a.start - b.start)) {
      parts.push(this.#text.slice(from, start), by)
      from = end
    }
    return parts.join('') + this.#text.slice(from)
  }

  #change(start: number, end: number, by: string, origin: Origin): void {
    this.#spots.push({ start, end, by })
    this.found.add(origin)
  }

  /** Skips spaces, marks and comments between values. */
  #space(): void {
    for (;;) {
      const start = this.#at
      while (isSpace(this.#text[this.#at])) this.#at++
      const marks = this.#at
      while (isMark(this.#text[this.#at])) this.#at++
      if (this.#at > marks) this.#change(marks, this.#at, '', 'mark')
      if (this.#text[this.#at] === '/') this.#comment()
      if (this.#at === start) return
    }
  }

  #comment(): void {
    const kind = this.#text[this.#at + 1]
    if (kind !== '/' && kind !== '*') throw new Unreadable()
    const end = kind === '/' ? this.#text.indexOf('\n', this.#at) : this.#text.indexOf('*/', this.#at + 2)
    if (end === -1 && kind === '*') throw new Unreadable()
    const past = kind === '*' ? end + 2 : end === -1 ? this.#text.length : end
    this.#change(this.#at, past, '', 'javascript')
    this.#at = past
  }

  #value(): void {
    const first = this.#text[this.#at] ?? ''
    if (first === '{') this.#members('}', () => this.#property())
    else if (first === '[') this.#members(']', () => this.#value())
    else if (first === '(') this.#tuple()
    else if (first in closers) this.#string(closers[first] ?? '')
    else if (!this.#number()) this.#word()
  }

  /** The inside of brackets. @returns the number of members, and the place of a trailing comma */
  #members(close: string, member: () => void): { count: number; comma: number | null } {
    if (++this.#depth > MAX_DEPTH) throw new Unreadable()
    this.#at++
    let [count, comma]: [number, number | null] = [0, null]
    for (;;) {
      this.#space()
      if (this.#text[this.#at] === close) break
      if (count > 0 && comma === null) throw new Unreadable()
      member()
      count++
      this.#space()
      comma = this.#text[this.#at] === ',' ? this.#at++ : null
    }
    if (comma !== null) this.#change(comma, comma + 1, '', 'comma')
    this.#at++
    this.#depth--
    return { count, comma }
  }

  /** A Python tuple; one member without a comma is a value in brackets. */
  #tuple(): void {
    const start = this.#at
    const { count, comma } = this.#members(')', () => this.#value())
    const isList = count !== 1 || comma !== null
    this.#change(start, start + 1, isList ? '[' : '', 'python')
    this.#change(this.#at - 1, this.#at, isList ? ']' : '', 'python')
  }

  #property(): void {
    const first = this.#text[this.#at] ?? ''
    if (first in closers) this.#string(closers[first] ?? '')
    else this.#bareKey()
    this.#space()
    if (this.#text[this.#at++] !== ':') throw new Unreadable()
    this.#space()
    this.#value()
  }

  #bareKey(): void {
    const start = this.#at
    const key = this.#take(WORD)
    if (key === null || key.startsWith('-')) throw new Unreadable()
    if (!this.#prefixed(key, start)) this.#change(start, this.#at, `"${key}"`, 'javascript')
  }

  /** Python 2 writes u'text'. */
  #prefixed(word: string | null, start: number): boolean {
    const ends = closers[this.#text[this.#at] ?? '']
    if (word !== 'u' || !ends) return false
    this.#change(start, this.#at, '', 'python')
    this.#string(ends)
    return true
  }

  #number(): boolean {
    return this.#take(NUMBER) !== null && !/[\w$.]/.test(this.#text[this.#at] ?? '')
  }

  #word(): void {
    const start = this.#at
    const word = this.#take(WORD)
    if (this.#prefixed(word, start)) return
    const meaning = word !== null && Object.hasOwn(words, word) ? words[word] : undefined
    if (!meaning) throw new Unreadable()
    const [json, origin] = meaning
    if (origin) this.#change(start, this.#at, json, origin)
  }

  /** A string in any quotes. A JSON quote closes at the next one, others where the value can end. */
  #string(ends: string): void {
    const isJson = ends === '"'
    const start = this.#at++
    for (;;) {
      this.#take(PLAIN)
      const sign = this.#text[this.#at]
      if (sign === undefined) throw new Unreadable()
      if (sign === '\\') this.#escape()
      else if (ends.includes(sign) && (isJson || this.#ends())) break
      else this.#inner(sign)
    }
    const origin = ends.includes('“') || ends.includes('‘') ? 'curly-quotes' : 'python'
    if (!isJson) {
      this.#change(start, start + 1, '"', origin)
      this.#change(this.#at, this.#at + 1, '"', origin)
    }
    this.#at++
  }

  /** A character inside a string that may need an escape. */
  #inner(sign: string): void {
    const at = this.#at++
    if (sign === '"') this.#spots.push({ start: at, end: at + 1, by: '\\"' })
    else if (sign < ' ') this.#change(at, at + 1, escaped(sign), 'control')
  }

  /** Whether the quote here ends the string: what follows must be what can follow a value. */
  #ends(): boolean {
    let next = this.#at + 1
    while (isSpace(this.#text[next])) next++
    const sign = this.#text[next]
    // Two adjacent strings are one string in Python, and a missing comma elsewhere.
    if (sign !== undefined && sign in closers && next > this.#at + 1) throw new Unreadable()
    return sign === undefined || ',:}])'.includes(sign) || isMark(sign)
  }

  #escape(): void {
    const at = this.#at
    const letter = this.#text[at + 1]
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(this.#text.slice(at + 2, at + 6))) this.#at += 6
    else if (letter !== undefined && '"\\/bfnrt'.includes(letter)) this.#at += 2
    else if (letter === "'") {
      this.#change(at, at + 2, "'", 'python')
      this.#at += 2
    } else this.#foreignEscape()
  }

  #foreignEscape(): void {
    FOREIGN_ESCAPE.lastIndex = this.#at
    const [whole, short, long] = FOREIGN_ESCAPE.exec(this.#text) ?? []
    const code = Number.parseInt(short ?? long ?? '', 16)
    if (whole === undefined || !(code <= 0x10ffff)) throw new Unreadable()
    const sign = String.fromCodePoint(code)
    const by = sign < ' ' || sign === '"' ? escaped(sign) : sign === '\\' ? '\\\\' : sign
    this.#change(this.#at, this.#at + whole.length, by, 'python')
    this.#at += whole.length
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found === undefined) return null
    this.#at += found.length
    return found
  }
}

/** A line that a spreadsheet wrapped in quotes, doubling those inside. */
function unquoted(text: string): string | null {
  const line = text.trim()
  if (line.length < 3 || !line.startsWith('"') || !line.endsWith('"')) return null
  const inner = line.slice(1, -1)
  if (!/^\s*[{[]/.test(inner)) return null
  const quotes = inner.replaceAll('""', '')
  return quotes.includes('"') ? null : inner.replaceAll('""', '"')
}

/** JSON that was encoded as a JSON string. */
function unwrapped(text: string): string | null {
  const line = text.trim()
  if (!line.startsWith('"') || scanJson(line).problem) return null
  const inner = JSON.parse(line) as string
  return /^\s*[{[]/.test(inner) && !scanJson(inner).problem ? inner.trim() : null
}

function scanned(text: string): LooseJson | null {
  const scanner = new LooseScanner(text)
  try {
    const json = scanner.document()
    const origin = telling.find((one) => scanner.found.has(one))
    return origin && !scanJson(json).problem ? { json, origin } : null
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    return null
  }
}

/** A number, a file name, a time or a log word before an object. */
const PREFIX = /^[^{}"[\]]{1,80}(?=\{)/

/** The object of a line that begins with a prefix. */
function behindPrefix(text: string): LooseJson | null {
  const prefix = PREFIX.exec(text)?.[0]
  if (prefix === undefined || prefix.trim() === '') return null
  const rest = text.slice(prefix.length)
  const json = scanJson(rest).problem ? scanned(rest)?.json : rest
  return json === undefined ? null : { json, origin: 'prefix' }
}

/** Each origin by the text where JSON parsing fails. */
const signs: readonly (readonly [Origin, RegExp])[] = [
  ['mark', /^[\ufeff\0\u200b\u2060\u00a0]/],
  ['python', /^(?:u?'|\(|(?:None|True|False)\b)/],
  ['curly-quotes', /^[“”„‘’]/],
  ['not-a-number', /^(?:NaN|-?Infinity)\b/],
  ['javascript', /^(?:\/[/*]|undefined\b|[A-Za-z_$][\w$]{0,40}\s?:)/],
]

/** The origin of a text that is not JSON, by the text at the offset where parsing fails. */
export function originAt(text: string, offset: number): Origin | null {
  if (/^\s*"[{[]/.test(text.slice(0, 40))) return 'spreadsheet'
  const rest = text.slice(offset, offset + 60)
  return signs.find(([, sign]) => sign.test(rest))?.[0] ?? null
}

/**
 * Reads a text that is almost JSON: literals of Python and JavaScript, NaN, curly quotes, a line quoted by a
 * spreadsheet, misplaced marks, extra commas, raw control characters, a prefix before an object.
 * @returns null for JSON, and for a text that is ambiguous or unreadable
 */
export function readLoose(text: string): LooseJson | null {
  const inner = unquoted(text) ?? unwrapped(text)
  if (inner === null) return scanned(text) ?? behindPrefix(text)
  const json = scanJson(inner).problem ? scanned(inner)?.json : inner
  return json === undefined ? null : { json, origin: 'spreadsheet' }
}
