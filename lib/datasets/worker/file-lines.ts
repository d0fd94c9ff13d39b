import { closeSync, openSync, readSync } from 'node:fs'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { isTooLong, lineIn, unread } from '../line.ts'

/** Bytes read at once. */
const BLOCK = 1024 * 1024
const LF = 0x0a

export interface FileLine {
  /** Bytes in the file, with the terminator. */
  offset: number
  length: number
  line: TextLine
}

/**
 * The physical lines of a file of any size, one at a time, from one buffer, split on 0x0A only. The buffer grows to the
 * longest line, at most to `MAX_LINE_BYTES`; longer lines are skipped.
 */
export function* fileLines(file: string): Generator<FileLine> {
  const fd = openSync(file, 'r')
  try {
    let buffer = Buffer.allocUnsafe(BLOCK)
    // Bytes of an unfinished line at the start of the buffer, its file offset, and how many of its bytes were dropped.
    let [held, offset, skipped, number] = [0, 0, 0, 0]
    const take = (gone: number, length: number, bytes: Uint8Array): TextLine =>
      gone > 0 ? unread(++number, length) : lineIn(bytes, ++number, number === 1)
    for (;;) {
      const read = readSync(fd, buffer, held, buffer.length - held, null)
      const end = held + read
      let start = 0
      for (let feed = buffer.indexOf(LF, held); feed !== -1 && feed < end; feed = buffer.indexOf(LF, start)) {
        const length = skipped + feed + 1 - start
        const line = take(skipped, length, buffer.subarray(start, feed + 1))
        yield { offset, length, line }
        offset += length
        start = feed + 1
        skipped = 0
      }
      held = end - start
      if (read === 0) {
        const length = skipped + held
        if (length === 0) return
        const line = take(skipped, length, buffer.subarray(start, end))
        yield { offset, length, line }
        return
      }
      if (skipped > 0 || isTooLong(held)) {
        skipped += held
        held = 0
      } else if (held === buffer.length) {
        const wider = Buffer.allocUnsafe(buffer.length * 2)
        buffer.copy(wider, 0, start, end)
        buffer = wider
      } else buffer.copyWithin(0, start, end)
    }
  } finally {
    closeSync(fd)
  }
}
