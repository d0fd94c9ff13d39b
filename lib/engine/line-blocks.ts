import { createReadStream } from 'node:fs'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'

const LF = 0x0a
/** Small enough that checking a block keeps no other request waiting for long. */
const BLOCK = 256 * 1024

/** A run of whole lines; only the last block of a file may lack its final line feed. */
export interface Block {
  bytes: Uint8Array
  /** Number of its first line, from 1. */
  line: number
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count++
  return count
}

/**
 * A file as runs of whole lines, with a turn of the event loop between two of them.
 * A line beyond the limit for lines comes in pieces: it is refused by its first one.
 */
export async function* lineBlocks(file: string): AsyncGenerator<Block> {
  let pending: Buffer = Buffer.alloc(0)
  let line = 1
  for await (const chunk of createReadStream(file, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    const end = pending.length > MAX_LINE_BYTES + BLOCK ? pending.length : pending.lastIndexOf(LF) + 1
    if (end === 0) continue
    const bytes = pending.subarray(0, end)
    yield { bytes, line }
    await yieldToEventLoop()
    line += lineFeeds(bytes)
    pending = pending.subarray(end)
  }
  if (pending.length > 0) yield { bytes: pending, line }
}
