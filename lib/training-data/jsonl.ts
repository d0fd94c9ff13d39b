/** Longer lines are refused rather than parsed: no example of a training file comes near it. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024
/** What the files endpoint takes in one piece. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d
const BOM = [0xef, 0xbb, 0xbf] as const

/** A physical line: where its bytes are, and where its text is inside them. */
export interface LineSpan {
  /** From 1. */
  number: number
  /** First byte in the file, a byte order mark included. */
  start: number
  /** One past the last byte, its terminator included. */
  end: number
  /** Bytes of the text alone: no byte order mark, no LF, no CR before the LF. */
  textStart: number
  textEnd: number
}

/** A physical line with its words. `text` is null where the bytes are not UTF-8. */
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
 * Splits on the byte 0x0A and on nothing else: a bare CR and U+2028 are data, and readers that split on
 * them (Node's `readline`) lose rows. The spans cover every byte, so that joining them gives the file back.
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

// A byte order mark inside the text is data; only the one at byte 0 of a file is a mark.
const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The characters of `bytes` that are whole, or null when a byte stands where none may. */
function wholeCharacters(bytes: Uint8Array): string | null {
  try {
    // Streaming lets the end cut a character, and still throws on a byte that can start none.
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

/** Decodes one line; a line that is not UTF-8 keeps `text: null` and says where it breaks. */
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

/** All lines of a file (or, from line `first` on, of a piece of one), one at a time. */
export function* textLines(bytes: Uint8Array, first = 1): Generator<TextLine> {
  for (const span of lineSpans(bytes, first)) yield decodeLine(bytes, span)
}

/** A line that a person wrote, as if it stood in a file. */
export const lineOf = (text: string, number: number): TextLine => ({
  number,
  text,
  bytes: encoder.encode(text).length,
  bom: false,
  crlf: false,
})

export const isBlank = (text: string | null): boolean => text !== null && !/[^ \t\r]/.test(text)
