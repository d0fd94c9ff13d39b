import { MAX_DEPTH } from './json.ts'
import { closing } from './json-path.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39
const LOWER_N = 0x6e

/** Most keys of one object that are compared one by one; more need a set. */
const MAX_KEYS = 64
/** Longer numbers, and those with an exponent, may not fit a double. */
const SAFE_DIGITS = 15

// Start and end of the keys of the open objects, and each object's first key. -1 is an array.
const starts = new Int32Array(MAX_DEPTH * MAX_KEYS)
const ends = new Int32Array(MAX_DEPTH * MAX_KEYS)
const firsts = new Int32Array(MAX_DEPTH + 1)

function sameKey(text: string, key: number, start: number, end: number): boolean {
  let at = starts[key] as number
  if ((ends[key] as number) - at !== end - start) return false
  for (let other = start; other < end; other++)
    if (text.charCodeAt(at++) !== text.charCodeAt(other)) return false
  return true
}

/** Whether the last key of the list is a duplicate in its object, or cannot be compared here. */
function isOddKey(text: string, first: number, key: number): boolean {
  const [start, end] = [starts[key] as number, ends[key] as number]
  if (key - first >= MAX_KEYS - 1) return true
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === BACKSLASH) return true
  for (let other = first; other < key; other++) if (sameKey(text, other, start, end)) return true
  return false
}

/** The end of the number that begins at `from`, or -1 when a double might not hold it. */
function pastNumber(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x65 || code === 0x45) return -1
    if ((code < ZERO || code > NINE) && code !== 0x2e) break
  }
  return at - from > SAFE_DIGITS ? -1 : at
}

/**
 * A fast check of a text before it is parsed: does it have anything that `JSON.parse` hides? `plain` is exact if the
 * text is JSON; whether it is JSON is not checked.
 * @returns `odd` when `scanJson` is needed, also for texts nested too deep; `null` when a value is null
 */
export function precheckJson(text: string): 'plain' | 'null' | 'odd' {
  if (text.includes('\\u0000') || !text.isWellFormed()) return 'odd'
  let depth = 0
  let keys = 0
  let isKey = false
  let found: 'plain' | 'null' = 'plain'
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = closing(text, at + 1)
      if (end === -1) return 'odd'
      if (isKey) {
        starts[keys] = at + 1
        ends[keys] = end
        if (isOddKey(text, firsts[depth] as number, keys++)) return 'odd'
      }
      at = end
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (++depth > MAX_DEPTH) return 'odd'
      isKey = code === OPEN_OBJECT
      firsts[depth] = isKey ? keys : -1
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 0) return 'odd'
      const first = firsts[depth--] as number
      if (first >= 0) keys = first
      isKey = false
    } else if (code === COMMA) isKey = depth > 0 && (firsts[depth] as number) >= 0
    else if (code === COLON) isKey = false
    else if (code >= ZERO && code <= NINE) {
      at = pastNumber(text, at) - 1
      if (at < 0) return 'odd'
    } else if (code === LOWER_N) found = 'null'
  }
  return found
}

/** Whether a text has a surrogate, lone or paired, as an escape. */
export const spellsSurrogates = (text: string): boolean =>
  text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text)

/** Whether every string of a value can be written as UTF-8. The value is at most `MAX_DEPTH` deep. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isWellFormed)
}
