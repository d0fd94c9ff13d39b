import { decodeLine, lineSpans, type TextLine } from '#lib/examples/jsonl.ts'
import { BlobReader } from './blobs.ts'
import type { RowRecord } from './store.ts'

const encoder = new TextEncoder()
const LF = 0x0a

async function bytesOf(row: RowRecord, reader: BlobReader): Promise<Uint8Array> {
  if (row.line !== null) return encoder.encode(`${row.line}\n`)
  return reader.read(row.blob ?? '', Number(row.offset), Number(row.length))
}

/** Every row with its bytes, terminator included, as they came or as they were written. */
export async function* rowBytes(
  rows: readonly RowRecord[],
): AsyncGenerator<{ row: RowRecord; bytes: Uint8Array }> {
  const reader = new BlobReader()
  try {
    for (const row of rows) yield { row, bytes: await bytesOf(row, reader) }
  } finally {
    await reader.close()
  }
}

/** The row as line `number` of the dataset. */
export function lineOfRow(row: RowRecord, bytes: Uint8Array, number: number): TextLine {
  // A byte order mark is one only at the very start of the file that it came in.
  const first = row.line === null && Number(row.offset) === 0 ? 1 : 2
  const [span] = lineSpans(bytes, first)
  const line = decodeLine(bytes, span ?? { number, start: 0, end: 0, textStart: 0, textEnd: 0 })
  return { ...line, number }
}

/**
 * The rows as one file. Untouched imports leave byte for byte; a line break is added only between a row that
 * lacks one and a row that follows it.
 */
export async function* fileBytes(rows: readonly RowRecord[]): AsyncGenerator<Uint8Array> {
  let open = false
  for await (const { bytes } of rowBytes(rows)) {
    if (open) yield Uint8Array.of(LF)
    // Copied: the window behind it moves on.
    yield bytes.slice()
    open = bytes.at(-1) !== LF
  }
}
