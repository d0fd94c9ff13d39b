import type { Refused } from '#lib/training-data/formats/plan.ts'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'

const LF = 0x0a

/** Why a line or a record of more than 8 MB is not read. */
export const tooBig: Refused = { problem: 'too-big', values: { megabytes: MAX_LINE_BYTES / 2 ** 20 } }

/** A physical line of a file. */
export interface FileLine {
  /** From 1. */
  line: number
  /** Offset of its first byte, and one past its last, without the line end. */
  start: number
  end: number
  /** Offset of the next line. */
  next: number
  /** null: too long to read. */
  bytes: Uint8Array | null
}

/** The physical lines of a stream. @param ending the byte that ends a line */
export async function* linesIn(chunks: AsyncIterable<Uint8Array>, ending = LF): AsyncGenerator<FileLine> {
  let [line, start, held, size]: [number, number, Uint8Array[], number] = [1, 0, [], 0]
  const keep = (piece: Uint8Array) => {
    size += piece.length
    if (size > MAX_LINE_BYTES) held = []
    else held.push(piece.slice())
  }
  const settle = (ended: 0 | 1): FileLine => {
    const bytes = size > MAX_LINE_BYTES ? null : Buffer.concat(held)
    const end = start + size
    const settled = { line, start, end, next: end + ended, bytes }
    line += 1
    start = end + ended
    held = []
    size = 0
    return settled
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(ending); at !== -1; at = chunk.indexOf(ending, from)) {
      keep(chunk.subarray(from, at))
      yield settle(1)
      from = at + 1
    }
    keep(chunk.subarray(from))
  }
  if (size > 0) yield settle(0)
}

/** Reads the beginning of a stream. @returns it, and the whole stream again */
export async function beginning(
  chunks: AsyncIterable<Uint8Array>,
  isEnough: (head: Uint8Array) => boolean,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const source = chunks[Symbol.asyncIterator]()
  const taken: Uint8Array[] = []
  let head: Uint8Array = new Uint8Array(0)
  let done = false
  while (!done && !isEnough(head)) {
    const next = await source.next()
    done = next.done === true
    if (next.done) break
    taken.push(next.value.slice())
    head = taken.length === 1 ? (taken[0] as Uint8Array) : Buffer.concat(taken)
  }
  async function* all() {
    try {
      yield* taken
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
    } finally {
      await source.return?.()
    }
  }
  return { head, all: all() }
}
