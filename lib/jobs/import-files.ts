import { NotFoundError } from 'openai'
import { archived, archivedContent, bytesIn, textIn } from '#lib/archive/read.ts'
import { AppError } from '#lib/core/errors.ts'
import { importDataset, importRows } from '#lib/datasets/import.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { noteRefusal, refuseDuringBackoff } from '#lib/providers/backoff.ts'
import { client } from '#lib/providers/client.ts'
import { looseJson } from '#lib/providers/loose-json.ts'
import { remoteJob } from './remote.ts'
import { findJob } from './store.ts'
import { RemoteJob } from './wire.ts'

/** A training file of 512 MB takes this long on a slow line; ms. */
const LONGEST = 30 * 60_000

/** The job as it was brought home, else as its provider has it. */
async function jobAt(providerId: string, remoteId: string): Promise<RemoteJob> {
  const [part] = (await archived(providerId, 'job', remoteId)) ?? []
  if (part) return RemoteJob.parse(looseJson(await textIn(part)))
  await refuseDuringBackoff(providerId)
  return remoteJob(providerId, remoteId)
}

/**
 * A file's content as it was brought home, else as its provider gives it.
 * @throws APIError as the provider answers: some never give a training file back
 */
async function contentOf(providerId: string, fileId: string): Promise<AsyncIterable<Uint8Array>> {
  const content = await archivedContent(providerId, fileId)
  if (content) return bytesIn(content)
  await refuseDuringBackoff(providerId)
  const { body } = await client(providerId).files.content(fileId, { signal: AbortSignal.timeout(LONGEST) })
  return body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
}

const incoming = (source: AsyncIterable<Uint8Array>, name: string, split: Split) => ({
  source,
  name,
  split,
  length: null,
})

/** A validation file that was deleted since leaves the dataset without held-out rows. */
const orGone = (thrown: unknown): null => {
  if (thrown instanceof NotFoundError) return null
  throw thrown
}

/**
 * Makes a dataset of the files that a job was trained on: the training file's rows as training, those of its validation
 * file as held-out. What was brought home is not asked for, so it works when the provider has nothing any more.
 * @throws AppError not_found, invalid when the job names no file; the provider's error
 */
export async function importFilesOf(jobId: string): Promise<DatasetSummary> {
  const { provider_id, remote_id, suffix, number } = await findJob(jobId)
  const files = remote_id === null ? null : await jobAt(provider_id, remote_id)
  if (!files?.training_file) throw new AppError('invalid', 'jobs.noTrainingFile')
  try {
    const training = await contentOf(provider_id, files.training_file)
    const validation =
      files.validation_file && (await contentOf(provider_id, files.validation_file).catch(orGone))
    const name = suffix || `job ${number}`
    const { id } = await importDataset(incoming(training, name, 'train'))
    if (validation) await importRows(id, incoming(validation, name, 'heldout'))
    return await getDatasetSummary(id)
  } catch (thrown) {
    await noteRefusal(provider_id, thrown)
    throw thrown
  }
}
