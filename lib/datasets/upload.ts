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

/** Writes the file to our own disk first: its hash decides whether to send it. */
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

/** The fields of a provider's file that we use. */
const StoredFile = z.object({ id: z.string().min(1).max(128), status: z.string().nullish().catch(null) })

/** An earlier upload of these bytes that the provider still has; null: none. */
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
      // Deleted at the provider: an older upload may still exist.
      if (!(thrown instanceof NotFoundError)) throw thrown
    }
  }
  return null
}

/** Called with the bytes sent so far, and the total. */
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

/** A body of known length; with `onProgress` a stream, since only a stream can be counted. */
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
 * Uploads one split of a dataset to a provider as a fine-tuning file. The same bytes are sent once: while the provider
 * still has them, returns the existing file.
 * @param version id of the version to send; default the current rows
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

/** The same with progress. The answer has begun by then, so an error is sent as news too. */
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

/** The dataset that a provider's file came from; null when this studio did not upload it. */
export const datasetOfFile = async (providerId: string, fileId: string): Promise<string | null> =>
  (await uploadWithId(providerId, fileId))?.dataset_id ?? null
