import { decodeLine, lineSpans, MAX_LINE_BYTES, type TextLine } from '#lib/examples/jsonl.ts'

/** Whether a line of so many bytes, terminator included, is told of but never held. */
export const isTooLong = (length: number): boolean => length > MAX_LINE_BYTES + 2

/** A line that nobody has read. */
export const unread = (number: number, bytes: number): TextLine => ({
  number,
  text: null,
  bytes,
  bom: false,
  crlf: false,
})

/**
 * Reads the bytes of one line, terminator included.
 * @param atStart whether they stand at the very start of a file: only there a byte order mark is one
 */
export function lineIn(bytes: Uint8Array, number: number, atStart: boolean): TextLine {
  if (isTooLong(bytes.length)) return unread(number, bytes.length)
  const [span] = lineSpans(bytes, atStart ? 1 : 2)
  return span ? { ...decodeLine(bytes, span), number } : { ...unread(number, 0), text: '' }
}
