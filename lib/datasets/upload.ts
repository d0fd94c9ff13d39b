import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { rm } from 'node:fs/promises'
import { NotFoundError, toStreamingFile, type Uploadable } from 'openai'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { client } from '#lib/providers/client.ts'
import { askJson, MOST_OBJECT, readJson } from '#lib/providers/request.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { temporaryFile } from './blobs.ts'
import { exportDataset } from './export.ts'
import { withoutMark } from './line.ts'
import type { Split, Upload, UploadDraft, UploadNews } from './schema.ts'
import { insertUpload, uploadsOf, uploadWithId } from './upload-store.ts'

interface Staged {
  file: string
  bytes: number
  sha256: string
}

/** The file to send, on our own disk first: its hash decides whether it must be sent at all. */
async function stage(source: AsyncIterable<Uint8Array>): Promise<Staged> {
  const { file, handle } = await temporaryFile()
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of source) {
      // Providers refuse a byte order mark; the exported file keeps it.
      const sent = bytes === 0 ? withoutMark(chunk) : chunk
      hash.update(sent)
      bytes += sent.length
      await handle.appendFile(sent)
    }
  } catch (thrown) {
    await rm(file, { force: true })
    throw thrown
  } finally {
    await handle.close()
  }
  return { file, bytes, sha256: hash.digest('hex') }
}

/** What we read of a provider's file. */
const StoredFile = z.object({ id: z.string().min(1).max(128), status: z.string().nullish().catch(null) })

/** The id under which the provider still holds these bytes, if it does. */
async function heldBy(providerId: ProviderId, sha256: string): Promise<Upload | null> {
  for (const known of await uploadsOf(providerId, sha256)) {
    try {
      const question = { path: ['files', known.file_id], most: MOST_OBJECT }
      const { id, status } = await askJson(providerId, 'file', StoredFile, question)
      if (status === 'error') continue
      const { filename, created_at } = known
      return {
        providerId,
        fileId: id,
        filename,
        bytes: Number(known.bytes),
        sha256,
        createdAt: Number(created_at),
        reused: true,
      }
    } catch (thrown) {
      // Deleted over there: the next older one may still be.
      if (!(thrown instanceof NotFoundError)) throw thrown
    }
  }
  return null
}

/** Told how many bytes have left, of how many. */
export type OnProgress = (sent: number, total: number) => void

async function* counted(file: string, total: number, onProgress: OnProgress): AsyncGenerator<Uint8Array> {
  let sent = 0
  onProgress(sent, total)
  for await (const chunk of createReadStream(file)) {
    yield chunk
    sent += chunk.length
    onProgress(sent, total)
  }
}

/** A body of known length, unless someone watches: what is counted on its way has to be a stream. */
const bodyOf = async (
  { file, bytes }: Staged,
  filename: string,
  onProgress?: OnProgress,
): Promise<Uploadable> =>
  onProgress
    ? toStreamingFile(counted(file, bytes, onProgress), filename)
    : new File([await openAsBlob(file)], filename)

interface Destination {
  datasetId: string
  split: Split
  providerId: ProviderId
  filename: string
  onProgress?: OnProgress
}

async function send(
  staged: Staged,
  { datasetId, split, providerId, filename, onProgress }: Destination,
): Promise<Upload> {
  const { bytes, sha256 } = staged
  const file = await bodyOf(staged, filename, onProgress)
  const answer = await client(providerId).files.create({ file, purpose: 'fine-tune' }).asResponse()
  const sent = await readJson(providerId, answer, 'file', StoredFile)
  const upload: Upload = {
    providerId,
    fileId: sent.id,
    filename,
    bytes,
    sha256,
    createdAt: Date.now(),
    reused: false,
  }
  await insertUpload({
    provider_id: providerId,
    file_id: sent.id,
    dataset_id: datasetId,
    split,
    filename,
    bytes,
    sha256,
    created_at: upload.createdAt,
  })
  return upload
}

/**
 * Brings one split of a dataset to a provider as a fine-tuning file. The same bytes are sent once: as long as
 * the provider still holds them, their file id is given back.
 * @param version id of the version whose rows are sent; without it the rows as they are now
 * @throws AppError not_found, invalid for an empty split; OpenAI's APIError when the provider refuses
 */
export async function uploadDataset(
  datasetId: string,
  split: Split,
  providerId: ProviderId,
  { onProgress, version }: { onProgress?: OnProgress; version?: string } = {},
): Promise<Upload> {
  const { filename, bytes } = await exportDataset(datasetId, { split, version })
  const staged = await stage(bytes)
  try {
    if (staged.bytes === 0) throw new AppError('invalid', 'datasets.noRowsToSend', { param: 'split' })
    const held = await heldBy(providerId, staged.sha256)
    return held ?? (await send(staged, { datasetId, split, providerId, filename, onProgress }))
  } finally {
    await rm(staged.file, { force: true })
  }
}

/** The same, telling how far it is; a refusal is news too, since by then the answer has begun. */
export async function sendDataset(
  datasetId: string,
  { split, providerId }: UploadDraft,
  tell: (news: UploadNews) => void,
): Promise<void> {
  try {
    const onProgress: OnProgress = (sent, total) => tell({ type: 'progress', sent, total })
    tell({ type: 'stored', upload: await uploadDataset(datasetId, split, providerId, { onProgress }) })
  } catch (thrown) {
    const error = failure(thrown)
    logInternal(error)
    tell({ type: 'failed', error: error.toWire() })
  }
}

/** The dataset that a provider's file was made of, or null when it did not come from here. */
export const datasetOfFile = async (providerId: string, fileId: string): Promise<string | null> =>
  (await uploadWithId(providerId, fileId))?.dataset_id ?? null
