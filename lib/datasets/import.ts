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
  /** The bytes, and how many of them were announced. */
  source: AsyncIterable<Uint8Array>
  length: number | null
  /** Where the rows go: to one side, or the first so many to train on and the rest held out. */
  split: Split | { trainRows: number }
}

export interface ImportOptions {
  /** Takes the import back: nothing of it is left. */
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
 * Tells how much of an announced length has come in.
 * @throws AppError invalid when less or more arrives
 */
async function* watched(
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
  const { sha256 } = await keepBlob(openText(watched(incoming, options), plan))
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
 * Keeps a file and makes a dataset of it. Any bytes may come in: what is wrong with them is told by the checks,
 * line by line.
 * @param sample marks a shipped one
 * @throws AppError too_large beyond 512 MB, invalid when it is empty, cut short, or no record of it fits its plan
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
    // Without room to write that down, the next start forgets it: nobody sees a dataset at revision 0.
    await forgetDataset(id).catch(unlessDiskFull(logInternal))
    throw thrown
  }
}

/**
 * Adds a file's rows to the end of a dataset.
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

/** The body of a request, as it streams in. */
function incomingFrom(request: Request, query: ImportQuery): Incoming {
  const announced = request.headers.get('content-length')
  const source = request.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
  return { ...query, source, length: announced === null ? null : Number(announced) }
}

/** What an import writes beside the file's own bytes: its rows, which are as long again at most. */
const expectRoom = ({ length }: Incoming): Promise<void> => expectSpace(env().dataFolder, 2 * (length ?? 0))

/** What is wrong before anything has come in is refused as any request is; afterwards the news say it. */
async function expectDataset(into: string | null): Promise<void> {
  if (into === null) return
  const { importing } = await findDataset(into)
  if (importing !== null) throw beingChanged()
}

/**
 * An import that tells how far it is. By then the answer has begun, so that a refusal is news too.
 * @param into the dataset that gets the rows; null for one of their own
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
