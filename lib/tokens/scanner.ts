import {
  before,
  kindAt,
  LETTER,
  LOWER,
  MARK,
  NEWLINE,
  NUMBER,
  OTHER,
  runOf,
  SPACE,
  UPPER,
  widthOf,
} from './characters.ts'

/**
 * Finds the end of the piece that begins at `at`; `end` is the text's end. Written by hand after the encoding's
 * pattern, because the regular expression alone takes longer than the rest of the encoding.
 */
type Scanner = (bytes: Uint8Array, at: number, end: number) => number

const O200K =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
const CL100K =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/** @throws for any other pattern than these two */
export function scannerOf(pattern: string): Scanner {
  if (pattern === O200K) return o200k
  if (pattern === CL100K) return cl100k
  throw new Error(`There is no scanner for the pattern ${pattern}`)
}

// The patterns' character classes.
const UPPERS = UPPER | LETTER | MARK // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
const LOWERS = LOWER | LETTER | MARK // [\p{Ll}\p{Lm}\p{Lo}\p{M}]
const LETTERS = UPPER | LOWER | LETTER // \p{L}
const PREFIX = SPACE | OTHER | MARK // [^\r\n\p{L}\p{N}]
const SIGNS = OTHER | MARK // [^\s\p{L}\p{N}]

const code = (letter: string) => letter.charCodeAt(0)
const [APOSTROPHE, BLANK, RETURN, FEED, SLASH] = [code("'"), code(' '), code('\r'), code('\n'), code('/')]
const [S, T, M, D, R, V, L, E] = [...'stmdrvle'].map(code)
const LOWER_CASE = 0x20

const o200k: Scanner = (bytes, at, end) => {
  const kind = kindAt(bytes, at)
  if (kind & NUMBER) return number(bytes, at, end)
  const from = kind & PREFIX ? at + widthOf(bytes[at] as number) : at
  let stop = word(bytes, from, end)
  if (stop > from) return contraction(bytes, stop, end)
  if (kind & MARK) return contraction(bytes, word(bytes, at, end), end) // a mark can be a word, not only its prefix
  stop = runOf(UPPERS, bytes, from, end)
  if (stop > from) return contraction(bytes, stop, end)
  return signs(bytes, at, end, true) || spaces(bytes, at, end)
}

const cl100k: Scanner = (bytes, at, end) => {
  const short = contraction(bytes, at, end)
  if (short > at) return short
  const kind = kindAt(bytes, at)
  if (kind & NUMBER) return number(bytes, at, end)
  const from = kind & PREFIX ? at + widthOf(bytes[at] as number) : at
  const stop = runOf(LETTERS, bytes, from, end)
  if (stop > from) return stop
  return signs(bytes, at, end, false) || spaces(bytes, at, end)
}

/** `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+` @returns `at` when there is none */
function word(bytes: Uint8Array, at: number, end: number): number {
  const upper = runOf(UPPERS, bytes, at, end)
  const lower = runOf(LOWERS, bytes, upper, end)
  if (lower > upper) return lower
  // The first class took everything: backtrack to the last character that the second class matches.
  let stop = upper
  while (stop > at) {
    const last = before(bytes, stop)
    if (kindAt(bytes, last) & LOWERS) break
    stop = last
  }
  return stop
}

/** `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`; without regard to case, ſ (U+017F, in UTF-8 c5 bf) is an s. */
function contraction(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || bytes[at] !== APOSTROPHE) return at
  const first = (bytes[at + 1] as number) | LOWER_CASE
  if (first === S || first === T || first === M || first === D) return at + 2
  if (at + 2 >= end) return at
  if (bytes[at + 1] === 0xc5 && bytes[at + 2] === 0xbf) return at + 3
  const second = (bytes[at + 2] as number) | LOWER_CASE
  if ((first === R || first === V) && second === E) return at + 3
  return first === L && second === L ? at + 3 : at
}

/** `\p{N}{1,3}` */
function number(bytes: Uint8Array, at: number, end: number): number {
  let stop = at
  for (let digits = 0; digits < 3 && stop < end && kindAt(bytes, stop) & NUMBER; digits++)
    stop += widthOf(bytes[stop] as number)
  return stop
}

/** ` ?[^\s\p{L}\p{N}]+[\r\n]*`, the last bracket with or without a slash @returns 0 when there is none */
function signs(bytes: Uint8Array, at: number, end: number, slash: boolean): number {
  const from = bytes[at] === BLANK ? at + 1 : at
  let stop = runOf(SIGNS, bytes, from, end)
  if (stop === from) return 0
  while (stop < end && (isBreak(bytes[stop]) || (slash && bytes[stop] === SLASH))) stop++
  return stop
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+` */
function spaces(bytes: Uint8Array, at: number, end: number): number {
  const stop = runOf(SPACE | NEWLINE, bytes, at, end)
  for (let last = stop; last > at; last--) if (isBreak(bytes[last - 1])) return last
  if (stop === end) return stop
  const last = before(bytes, stop) // the next word takes it as its prefix
  return last > at ? last : stop
}

const isBreak = (byte: number | undefined) => byte === RETURN || byte === FEED
