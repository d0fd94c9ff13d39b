import { createHash } from 'node:crypto'
import { newVersionId } from '#lib/core/ids.ts'
import { type RowPlace, RowReader } from './bytes.ts'
import type { Context } from './context.ts'
import { isFresh, readColumns } from './facts.ts'
import { eachRowAt, isSent, splitOf, transaction } from './store.ts'
import { keepVersion, type NewVersion } from './versions-store.ts'

export type FreezeInput = Pick<NewVersion, 'datasetId' | 'revision' | 'name' | 'note'>

const LF = 0x0a

/** Bytes of a row without its line feed, which the last line of a file may lack. */
export const unended = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === LF ? bytes.subarray(0, -1) : bytes

/** Bytes of a long row in memory at once. */
const PIECE = 1024 * 1024

function* pieces(row: RowPlace, reader: RowReader): Generator<Uint8Array> {
  const start = Number(row.offset)
  const end = start + Number(row.length)
  if (row.line !== null || end - start <= PIECE) return yield unended(reader.bytes(row))
  for (let offset = start; offset < end; offset += PIECE) {
    const length = Math.min(PIECE, end - offset)
    const bytes = reader.bytes({ ...row, offset, length })
    yield offset + length === end ? unended(bytes) : bytes
  }
}

type Content = Pick<NewVersion, 'sha256' | 'trainRows' | 'heldoutRows' | 'tokens'>

async function contentOf(
  { datasetId, revision }: FreezeInput,
  { db, yieldToEventLoop }: Context,
): Promise<Content> {
  const hash = createHash('sha256')
  const rows = { train: 0, heldout: 0 }
  const reader = new RowReader()
  let [number, tokens] = [0, 0]
  try {
    for (const row of eachRowAt(db, datasetId, revision)) {
      number++
      if (!isSent(row)) continue
      const { kind, tokens: own } = isFresh(row) ? row : readColumns(reader.line(row, number))
      if (kind !== 'blank') rows[splitOf(row)]++
      tokens += Number(own)
      hash.update(`${row.split}\n`)
      for (const piece of pieces(row, reader)) hash.update(piece)
      hash.update('\n')
      await yieldToEventLoop()
    }
  } finally {
    reader.close()
  }
  return { sha256: hash.digest('hex'), trainRows: rows.train, heldoutRows: rows.heldout, tokens }
}

/**
 * Task: creates a version of a revision. Its hash is the SHA-256 over, for each row that is sent, in order: its split, a line feed, its
 * bytes without a final line feed, a line feed.
 * @returns its id; the id of the newest version if that has the same rows
 */
export async function createVersion(input: FreezeInput, context: Context): Promise<string> {
  const version = { id: newVersionId(), ...input, ...(await contentOf(input, context)) }
  return transaction(context.db, () => keepVersion(context.db, version))
}
