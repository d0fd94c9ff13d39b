import type { Path } from './issue.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Offset of the quote that closes the string whose content begins at `from`, or -1. */
export function closing(text: string, from: number): number {
  let end = text.indexOf('"', from)
  while (end > from && text.charCodeAt(end - 1) === BACKSLASH) {
    let slashes = 1
    while (end - slashes - 1 >= from && text.charCodeAt(end - slashes - 1) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
  return end
}

/** The first offset from `at` on without JSON whitespace. */
function pastSpace(text: string, at: number): number {
  let next = at
  for (; next < text.length; next++) {
    const code = text.charCodeAt(next)
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break
  }
  return next
}

/** The offset of the comma or bracket after the value at `at`. */
function pastValue(text: string, at: number): number {
  let depth = 0
  for (let next = at; next < text.length; next++) {
    const code = text.charCodeAt(next)
    if (code === QUOTE) {
      next = closing(text, next + 1)
      if (next === -1) break
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
    else if (code === COMMA && depth === 0) return next
    else if ((code === CLOSE_OBJECT || code === CLOSE_ARRAY) && depth-- === 0) return next
  }
  return text.length
}

/** The offset of an object's value under a key, or -1; of a duplicate key, the first. */
function memberAt(text: string, object: number, key: string): number {
  if (text.charCodeAt(object) !== OPEN_OBJECT) return -1
  let at = pastSpace(text, object + 1)
  while (text.charCodeAt(at) === QUOTE) {
    const end = closing(text, at + 1)
    if (end === -1) return -1
    const raw = text.slice(at + 1, end)
    const colon = pastSpace(text, end + 1)
    if (text.charCodeAt(colon) !== COLON) return -1
    const value = pastSpace(text, colon + 1)
    if ((raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw) === key) return value
    const comma = pastValue(text, value)
    if (text.charCodeAt(comma) !== COMMA) return -1
    at = pastSpace(text, comma + 1)
  }
  return -1
}

/** The offset of an array's item, or -1. */
function itemAt(text: string, array: number, index: number): number {
  if (text.charCodeAt(array) !== OPEN_ARRAY) return -1
  let at = pastSpace(text, array + 1)
  for (let passed = 0; passed < index; passed++) {
    const comma = pastValue(text, at)
    if (text.charCodeAt(comma) !== COMMA) return -1
    at = pastSpace(text, comma + 1)
  }
  return text.charCodeAt(at) === CLOSE_ARRAY ? -1 : at
}

/**
 * UTF-16 offset of the value at `path`, or of its nearest existing parent. Skips all other values, so it is cheap
 * for long texts. The text must be JSON.
 */
export function offsetOf(text: string, path: Path): number {
  let at = pastSpace(text, 0)
  for (const key of path) {
    const inner = typeof key === 'number' ? itemAt(text, at, key) : memberAt(text, at, key)
    if (inner === -1) break
    at = inner
  }
  return at
}
