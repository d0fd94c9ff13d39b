import type { TextLine } from '#lib/examples/jsonl.ts'
import { BlobReader } from './blobs.ts'
import { isTooLong, lineIn, unread } from './line.ts'
import type { RowPlace, RowRecord } from './store.ts'

const encoder = new TextEncoder()
const LF = 0x0a

async function bytesOf(row: RowRecord, reader: BlobReader): Promise<Uint8Array> {
  if (row.line !== null) return encoder.encode(`${row.line}\n`)
  return reader.read(row.blob ?? '', Number(row.offset), Number(row.length))
}

async function lineOf(row: RowRecord, number: number, reader: BlobReader): Promise<TextLine> {
  if (row.line === null && isTooLong(Number(row.length))) return unread(number, Number(row.length))
  return lineIn(await bytesOf(row, reader), number, row.line === null && Number(row.offset) === 0)
}

/** Every row as a line; `numbers` are those that the lines get, 1, 2, 3 … unless told. */
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

/** Bytes of a long row that are held at once. */
const PIECE = 1024 * 1024

async function* piecesOf(place: RowPlace, reader: BlobReader): AsyncGenerator<Uint8Array> {
  if (place.line !== null) return yield encoder.encode(`${place.line}\n`)
  const end = Number(place.offset) + Number(place.length)
  for (let offset = Number(place.offset); offset < end; offset += PIECE) {
    // Copied: the window behind it moves on.
    yield (await reader.read(place.blob ?? '', offset, Math.min(PIECE, end - offset))).slice()
  }
}

/**
 * The rows as one file. Untouched imports leave byte for byte; a line break is added only between a row that
 * lacks one and a row that follows it.
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
