/** Longer lines are rejected without parsing: no real example comes near it. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024
/** Upload limit of the files endpoint. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d
const BOM = [0xef, 0xbb, 0xbf] as const

/** Byte ranges of a physical line and of its text. */
export interface LineSpan {
  /** From 1. */
  number: number
  /** First byte in the file, a byte order mark included. */
  start: number
  /** One past the last byte, the line terminator included. */
  end: number
  /** Bytes of the text only: no byte order mark, no LF, no CR before the LF. */
  textStart: number
  textEnd: number
}

/** A physical line with its text, which is null if the bytes are not UTF-8. */
export interface TextLine {
  number: number
  text: string | null
  /** Bytes of the text. */
  bytes: number
  bom: boolean
  crlf: boolean
  /** Where the bytes stop being UTF-8: UTF-16 column from 1, byte offset from 0 in the line's text. */
  broken?: { column: number; byte: number }
}

const startsWithBom = (bytes: Uint8Array): boolean => BOM.every((byte, index) => bytes[index] === byte)

/**
 * Splits on the byte 0x0A only: a bare CR and U+2028 are data, and readers that split on them (Node's `readline`)
 * lose rows. The spans cover every byte: joined, they are the file.
 * @param first number of the first line, when `bytes` are whole lines from the middle of a file
 */
export function* lineSpans(bytes: Uint8Array, first = 1): Generator<LineSpan> {
  for (let start = 0, number = first; start < bytes.length; number++) {
    const feed = bytes.indexOf(LF, start)
    const end = feed === -1 ? bytes.length : feed + 1
    const textStart = number === 1 && startsWithBom(bytes) ? BOM.length : start
    let textEnd = feed === -1 ? end : feed
    if (feed !== -1 && textEnd > textStart && bytes[textEnd - 1] === CR) textEnd--
    yield { number, start, end, textStart, textEnd }
    start = end
  }
}

// A byte order mark inside the text is data; it is a mark at byte 0 of a file only.
const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The complete characters of `bytes`, or null when a byte is invalid. */
function wholeCharacters(bytes: Uint8Array): string | null {
  try {
    // Streaming accepts a character cut at the end, and still throws on invalid bytes.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/** Where the bytes stop being UTF-8, by bisection on the decoder itself. */
function brokenAt(bytes: Uint8Array): { column: number; byte: number } {
  let [good, bad] = [0, bytes.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (wholeCharacters(bytes.subarray(0, middle)) === null) bad = middle
    else good = middle
  }
  const whole = wholeCharacters(bytes.subarray(0, good)) ?? ''
  return { column: whole.length + 1, byte: encoder.encode(whole).length }
}

/** Decodes one line; a line that is not UTF-8 has `text: null` and says in `broken` where. */
export function decodeLine(bytes: Uint8Array, span: LineSpan): TextLine {
  const text = bytes.subarray(span.textStart, span.textEnd)
  const line = {
    number: span.number,
    bytes: text.length,
    bom: span.textStart > span.start,
    crlf: span.end - span.textEnd === 2,
  }
  try {
    return { ...line, text: strict.decode(text) }
  } catch {
    return { ...line, text: null, broken: brokenAt(text) }
  }
}

/** All lines of a file, or of a piece of a file that begins at line `first`. */
export function* textLines(bytes: Uint8Array, first = 1): Generator<TextLine> {
  for (const span of lineSpans(bytes, first)) yield decodeLine(bytes, span)
}

/** A line that the user typed, as if read from a file. */
export const lineOf = (text: string, number: number): TextLine => ({
  number,
  text,
  bytes: encoder.encode(text).length,
  bom: false,
  crlf: false,
})

export const isBlank = (text: string | null): boolean => text !== null && !/[^ \t\r]/.test(text)
