import type { FileHandle } from 'node:fs/promises'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { isTooLong, lineIn, unread } from './line.ts'
import type { RowPlace, RowRecord } from './revision-rows-store.ts'
import { openBlob } from './whole.ts'

const encoder = new TextEncoder()
const LF = 0x0a

/** Bytes read ahead: neighbours in a file are usually neighbours in a dataset. */
const WINDOW = 256 * 1024

/** Reads ranges of blobs, with one open file and one window per blob. Close it when done. */
class BlobReader {
  readonly #open = new Map<string, { handle: FileHandle; start: number; window: Uint8Array }>()

  /** The bytes are valid until the next call. */
  async read(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    const blob = this.#open.get(sha256) ?? {
      handle: await openBlob(sha256),
      start: 0,
      window: new Uint8Array(0),
    }
    this.#open.set(sha256, blob)
    if (offset < blob.start || offset + length > blob.start + blob.window.length) {
      const wanted = Buffer.allocUnsafe(Math.max(length, WINDOW))
      const { bytesRead } = await blob.handle.read(wanted, 0, wanted.length, offset)
      Object.assign(blob, { start: offset, window: wanted.subarray(0, bytesRead) })
    }
    return blob.window.subarray(offset - blob.start, offset - blob.start + length)
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), ({ handle }) => handle.close()))
  }
}

async function bytesOf(row: RowPlace, reader: BlobReader): Promise<Uint8Array> {
  if (row.line !== null) return encoder.encode(`${row.line}\n`)
  return reader.read(row.blob ?? '', Number(row.offset), Number(row.length))
}

async function lineOf(row: RowPlace, number: number, reader: BlobReader): Promise<TextLine> {
  if (row.line === null && isTooLong(Number(row.length))) return unread(number, Number(row.length))
  return lineIn(await bytesOf(row, reader), number, row.line === null && Number(row.offset) === 0)
}

/** Every row as a line; `numbers` are the line numbers, by default 1, 2, 3 … */
export async function* rowLines(
  rows: readonly RowRecord[],
  numbers: readonly number[] = [],
): AsyncGenerator<{ row: RowRecord; line: TextLine }> {
  const reader = new BlobReader()
  try {
    for (const [index, row] of rows.entries()) {
      yield { row, line: await lineOf(row, numbers[index] ?? index + 1, reader) }
    }
  } finally {
    await reader.close()
  }
}

/** The text of each row; null where a row is too long to be read. */
export async function* rowTexts(rows: AsyncIterable<RowPlace>): AsyncGenerator<string | null> {
  const reader = new BlobReader()
  try {
    for await (const row of rows) yield (await lineOf(row, 1, reader)).text
  } finally {
    await reader.close()
  }
}

/** Bytes of a long row in memory at once. */
const PIECE = 1024 * 1024

async function* piecesOf(place: RowPlace, reader: BlobReader): AsyncGenerator<Uint8Array> {
  if (place.line !== null) return yield encoder.encode(`${place.line}\n`)
  const end = Number(place.offset) + Number(place.length)
  for (let offset = Number(place.offset); offset < end; offset += PIECE) {
    // A copy: the next read reuses the window.
    yield (await reader.read(place.blob ?? '', offset, Math.min(PIECE, end - offset))).slice()
  }
}

/**
 * The rows as one file. Unedited rows keep every byte; a line break is added only after a row that lacks one and is not
 * the last.
 */
export async function* fileBytes(rows: AsyncIterable<RowPlace>): AsyncGenerator<Uint8Array> {
  const reader = new BlobReader()
  let last = LF
  try {
    for await (const row of rows) {
      if (last !== LF) yield Uint8Array.of(LF)
      for await (const piece of piecesOf(row, reader)) {
        yield piece
        last = piece.at(-1) ?? last
      }
    }
  } finally {
    await reader.close()
  }
}
