import { createReadStream } from 'node:fs'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'

const LF = 0x0a
/** In bytes; small enough that checking a block does not delay other requests. */
const BLOCK = 256 * 1024

/** A block of whole lines; only the last block of a file may lack its final line feed. */
export interface Block {
  bytes: Uint8Array
  /** Number of the first line, from 1. */
  line: number
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count++
  return count
}

/**
 * Splits a file into blocks of whole lines, and yields to the event loop between blocks.
 * A line over the length limit comes in pieces; the caller rejects it at the first piece.
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
