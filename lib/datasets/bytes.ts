import type { TextLine } from '#lib/examples/jsonl.ts'
import { BlobReader } from './blobs.ts'
import { isTooLong, lineIn, unread } from './line.ts'
import type { RowRecord } from './store.ts'

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

/**
 * The rows as one file. Untouched imports leave byte for byte; a line break is added only between a row that
 * lacks one and a row that follows it.
 */
export async function* fileBytes(rows: readonly RowRecord[]): AsyncGenerator<Uint8Array> {
  const reader = new BlobReader()
  let open = false
  try {
    for (const row of rows) {
      const bytes = await bytesOf(row, reader)
      if (open) yield Uint8Array.of(LF)
      // Copied: the window behind it moves on.
      yield bytes.slice()
      open = bytes.at(-1) !== LF
    }
  } finally {
    await reader.close()
  }
}
