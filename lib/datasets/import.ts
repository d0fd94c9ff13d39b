import { AppError } from '#lib/core/errors.ts'
import { type DatasetId, newDatasetId } from '#lib/core/ids.ts'
import { unlessDiskFull } from '#lib/disk/full.ts'
import { expectSpace } from '#lib/disk/space.ts'
import { env } from '#lib/env.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { keepBlob } from './blobs.ts'
import { openText } from './decode.ts'
import { beingChanged } from './refusals.ts'
import { DatasetName, type ImportNews, type ImportQuery, type Split } from './schema.ts'
import { findDataset, forgetDataset, insertDataset } from './store.ts'
import { getDatasetSummary } from './view.ts'
import { work } from './worker/client.ts'
import type { Indexed, IndexInput } from './worker/index-file.ts'

export interface Incoming extends Omit<ImportQuery, 'split'> {
  /** The bytes, and the announced number of bytes. */
  source: AsyncIterable<Uint8Array>
  length: number | null
  /** Split of the rows: one side, or the first `trainRows` for training and the rest held out. */
  split: Split | { trainRows: number }
}

export interface ImportOptions {
  /** Cancels the import and removes its rows. */
  signal?: AbortSignal
  onProgress?: (news: Extract<ImportNews, { type: 'progress' }>) => void
}

const named = (name: string): string =>
  DatasetName.catch('Imported file').parse(
    name
      .replace(/\p{Cc}/gu, '')
      .replace(/\.gz$/i, '')
      .replace(/\.(jsonl|ndjson|json|txt|csv|tsv)$/i, '')
      .slice(0, 120),
  )

/**
 * Reports progress against the announced length.
 * @throws AppError invalid when fewer or more bytes arrive
 */
async function* withProgress(
  { source, length }: Incoming,
  { signal, onProgress }: ImportOptions,
): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of source) {
    signal?.throwIfAborted()
    yield chunk
    read += chunk.length
    if (length) onProgress?.({ type: 'progress', phase: 'reading', share: read / length })
  }
  if (length !== null && read !== length)
    throw new AppError('invalid', ['datasets.fileIncomplete', { read, length }])
}

async function addRows(
  { datasetId, kind }: Pick<IndexInput, 'datasetId' | 'kind'>,
  incoming: Incoming,
  options: ImportOptions,
): Promise<Indexed> {
  const { plan = null, split } = incoming
  const { sha256 } = await keepBlob(openText(withProgress(incoming, options), plan))
  return work(
    'indexFile',
    { datasetId, kind, sha256, plan, split },
    {
      signal: options.signal,
      onNews: (share) => options.onProgress?.({ type: 'progress', phase: 'checking', share: Number(share) }),
    },
  )
}

/**
 * Imports a file as a new dataset. Accepts any bytes: the checks report the issues line by line.
 * @param sample key of a shipped dataset
 * @throws AppError too_large beyond 512 MB, invalid when the file is empty or cut short, or no record fits its plan
 */
export async function importDataset(
  incoming: Incoming,
  options: ImportOptions = {},
  sample: string | null = null,
): Promise<Indexed & { id: DatasetId }> {
  const id = newDatasetId()
  await insertDataset({ id, name: named(incoming.name), sample, revision: 0 }, Date.now())
  try {
    return { id, ...(await addRows({ datasetId: id, kind: 'create' }, incoming, options)) }
  } catch (thrown) {
    // If the disk is full, the next start deletes it: a dataset at revision 0 is hidden.
    await forgetDataset(id).catch(unlessDiskFull(logInternal))
    throw thrown
  }
}

/**
 * Appends a file's rows to a dataset.
 * @throws AppError not_found, too_large, invalid, conflict while it is being rewritten
 */
export async function importRows(
  datasetId: string,
  incoming: Incoming,
  options: ImportOptions = {},
): Promise<Indexed & { id: DatasetId }> {
  await findDataset(datasetId)
  return { id: datasetId, ...(await addRows({ datasetId, kind: 'import' }, incoming, options)) }
}

function incomingFrom(request: Request, query: ImportQuery): Incoming {
  const announced = request.headers.get('content-length')
  const source = request.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
  return { ...query, source, length: announced === null ? null : Number(announced) }
}

/** Space for the file's bytes and its rows, which take at most as much again. */
const expectRoom = ({ length }: Incoming): Promise<void> => expectSpace(env().dataFolder, 2 * (length ?? 0))

/** Refuses before the answer begins; later errors are sent as news. */
async function expectDataset(into: string | null): Promise<void> {
  if (into === null) return
  const { importing } = await findDataset(into)
  if (importing !== null) throw beingChanged()
}

/**
 * An import that reports its progress. Its answer has begun by then, so errors are sent as news too.
 * @param into the dataset that gets the rows; null: a new one
 * @throws AppError not_found, conflict, disk_full, before the answer begins
 */
export async function receiveImport(
  request: Request,
  query: ImportQuery,
  into: string | null,
): Promise<(tell: (news: ImportNews) => void, signal: AbortSignal) => Promise<void>> {
  await expectDataset(into)
  const incoming = incomingFrom(request, query)
  await expectRoom(incoming)
  return async (tell, signal) => {
    try {
      const options: ImportOptions = { signal, onProgress: tell }
      const { id, ...counts } = await (into === null
        ? importDataset(incoming, options)
        : importRows(into, incoming, options))
      tell({ type: 'done', dataset: await getDatasetSummary(id), ...counts })
    } catch (thrown) {
      const error = failure(thrown)
      if (!signal.aborted) logInternal(error)
      tell({ type: 'failed', error: error.toWire() })
    }
  }
}
