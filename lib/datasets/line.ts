import { decodeLine, lineSpans, MAX_LINE_BYTES, type TextLine } from '#lib/training-data/jsonl.ts'

/** Whether a line of `length` bytes, terminator included, is too long to be read. */
export const isTooLong = (length: number): boolean => length > MAX_LINE_BYTES + 2

const MARK = new Uint8Array([0xef, 0xbb, 0xbf])

/** Bytes without a leading byte order mark. */
export const withoutMark = (bytes: Uint8Array): Uint8Array =>
  MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(MARK.length) : bytes

/** Place of a line's bytes without its byte order mark. */
export const behindMark = ({ offset, length }: { offset: number | null; length: number | null }) => ({
  offset: Number(offset) + MARK.length,
  length: Number(length) - MARK.length,
})

/** A line whose text was not read. */
export const unread = (number: number, bytes: number): TextLine => ({
  number,
  text: null,
  bytes,
  bom: false,
  crlf: false,
})

/**
 * Reads the bytes of one line, terminator included.
 * @param atStart whether they are at the start of a file: only there a byte order mark counts
 */
export function lineIn(bytes: Uint8Array, number: number, atStart: boolean): TextLine {
  if (isTooLong(bytes.length)) return unread(number, bytes.length)
  const [span] = lineSpans(bytes, atStart ? 1 : 2)
  return span ? { ...decodeLine(bytes, span), number } : { ...unread(number, 0), text: '' }
}
