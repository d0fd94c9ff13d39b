import { createReadStream } from 'node:fs'
import { type DatasetId, newDatasetId, newRowId } from '#lib/ids.ts'
import { blobPath, keepBlob } from './blobs.ts'
import { DatasetName, type DatasetSummary, type ImportQuery, type Split } from './schema.ts'
import {
  findDataset,
  insertDataset,
  insertRows,
  inTransaction,
  lastPosition,
  type RowRecord,
  touch,
} from './store.ts'
import { getDatasetSummary } from './view.ts'

const LF = 0x0a
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

interface Range {
  offset: number
  length: number
}

/** Physical lines of a file as byte ranges, terminators included. */
async function lineRanges(file: string): Promise<Range[]> {
  const ranges: Range[] = []
  let [offset, read] = [0, 0]
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let feed = chunk.indexOf(LF); feed !== -1; feed = chunk.indexOf(LF, feed + 1)) {
      ranges.push({ offset, length: read + feed + 1 - offset })
      offset = read + feed + 1
    }
    read += chunk.length
  }
  if (read > offset) ranges.push({ offset, length: read - offset })
  return ranges
}

/** A byte order mark has a meaning at the start of a file only: behind other rows it is left out. */
async function withoutMark(file: string, ranges: Range[]): Promise<Range[]> {
  const start: Buffer[] = []
  for await (const chunk of createReadStream(file, { end: 2 }) as AsyncIterable<Buffer>) start.push(chunk)
  const [first, ...rest] = ranges
  if (!first || !Buffer.concat(start).equals(BOM)) return ranges
  return [{ offset: BOM.length, length: first.length - BOM.length }, ...rest].filter(
    ({ length }) => length > 0,
  )
}

const rowOf = (
  datasetId: string,
  blob: string,
  { offset, length }: Range,
  position: number,
  split: Split,
): RowRecord => ({
  id: newRowId(),
  dataset_id: datasetId,
  position,
  split,
  blob,
  offset,
  length,
  line: null,
  tokens: null,
  trained_tokens: null,
  revision: 1,
  deleted_at: null,
})

export interface Incoming {
  /** As its owner calls it; only ever shown. */
  name: string
  /** The bytes, and how many of them were announced. */
  source: AsyncIterable<Uint8Array>
  length: number | null
  /** Where the lines go: one split for all, or one for each line by its index. */
  split: Split | ((index: number) => Split)
}

const named = (name: string): string =>
  DatasetName.catch('Imported file').parse(
    name
      .replace(/\p{Cc}/gu, '')
      .replace(/\.(jsonl|ndjson|json|txt)$/i, '')
      .slice(0, 120),
  )

const splitAt = ({ split }: Incoming, index: number): Split =>
  typeof split === 'string' ? split : split(index)

/**
 * Keeps a file and makes a dataset of it, without looking into its lines.
 * @param sample marks a shipped one
 * @returns the dataset's id
 */
export async function storeDataset(incoming: Incoming, sample: string | null = null): Promise<DatasetId> {
  const { sha256 } = await keepBlob(incoming.source, incoming.length)
  const ranges = await lineRanges(blobPath(sha256))
  const id = newDatasetId()
  await inTransaction(async (db) => {
    await insertDataset({ id, name: named(incoming.name), sample, now: Date.now() }, db)
    await insertRows(
      ranges.map((range, index) => rowOf(id, sha256, range, index + 1, splitAt(incoming, index))),
      db,
    )
  })
  return id
}

/**
 * Makes a dataset of a file. Any bytes may come in: what is wrong with them is told by the checks, line by line.
 * @throws AppError too_large beyond 512 MB, invalid when it is empty or cut short
 */
export const importDataset = async (incoming: Incoming): Promise<DatasetSummary> =>
  getDatasetSummary(await storeDataset(incoming))

/**
 * Adds a file's lines to the end of a dataset.
 * @throws AppError not_found, too_large, invalid
 */
export async function importRows(datasetId: string, incoming: Incoming): Promise<DatasetSummary> {
  await findDataset(datasetId)
  const { sha256 } = await keepBlob(incoming.source, incoming.length)
  const file = blobPath(sha256)
  const ranges = await lineRanges(file)
  await inTransaction(async (db) => {
    await findDataset(datasetId, db)
    const last = await lastPosition(datasetId, db)
    const added = last === 0 ? ranges : await withoutMark(file, ranges)
    await insertRows(
      added.map((range, index) =>
        rowOf(datasetId, sha256, range, last + index + 1, splitAt(incoming, index)),
      ),
      db,
    )
    await touch(datasetId, Date.now(), db)
  })
  return getDatasetSummary(datasetId)
}

/** The body of a request, as it streams in. */
export function incomingFrom(request: Request, { name, split }: ImportQuery): Incoming {
  const announced = request.headers.get('content-length')
  const source = request.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
  return { name, split, source, length: announced === null ? null : Number(announced) }
}
