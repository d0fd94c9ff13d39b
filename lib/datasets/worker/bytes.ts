import { closeSync, readSync } from 'node:fs'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { isTooLong, lineIn, unread } from '../line.ts'
import { openBlobSync } from '../whole.ts'
import type { Row } from './store.ts'

/** Bytes read ahead: neighbours in a file are usually neighbours in a dataset. */
const WINDOW = 256 * 1024

const encoder = new TextEncoder()

/** Where the text of a row is. */
export type RowPlace = Pick<Row, 'line' | 'blob' | 'offset' | 'length'>

/** Reads the bytes of rows, with one open file and one window per blob. Close it when done. */
export class RowReader {
  readonly #open = new Map<string, { fd: number; start: number; window: Uint8Array }>()

  /** With its terminator, as imported or as edited. Valid until the next call. */
  bytes({ line, blob, offset, length }: RowPlace): Uint8Array {
    return line === null
      ? this.#range(blob ?? '', Number(offset), Number(length))
      : encoder.encode(`${line}\n`)
  }

  /** The row as line `number` of its dataset. */
  line(row: RowPlace, number: number): TextLine {
    if (row.line === null && isTooLong(Number(row.length))) return unread(number, Number(row.length))
    return lineIn(this.bytes(row), number, row.line === null && Number(row.offset) === 0)
  }

  #range(sha256: string, offset: number, length: number): Uint8Array {
    const known = this.#open.get(sha256)
    const blob = known ?? { fd: openBlobSync(sha256), start: 0, window: new Uint8Array(0) }
    if (!known) this.#open.set(sha256, blob)
    if (offset < blob.start || offset + length > blob.start + blob.window.length) {
      // Reuses the buffer: earlier bytes are no longer needed.
      const size = Math.max(length, WINDOW)
      const buffer =
        blob.window.buffer.byteLength >= size ? new Uint8Array(blob.window.buffer) : new Uint8Array(size)
      const read = readSync(blob.fd, buffer, 0, buffer.length, offset)
      blob.start = offset
      blob.window = buffer.subarray(0, read)
    }
    return blob.window.subarray(offset - blob.start, offset - blob.start + length)
  }

  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd)
    this.#open.clear()
  }
}
