import { NotFoundError } from 'openai'
import { client } from '#lib/providers/client.ts'
import { forgetUploads, uploadsOfDataset } from './upload-store.ts'
import { work } from './worker/client.ts'

/** Deletes uploaded copies at the built-in engine. The user must delete copies at other providers. */
async function deleteUploads(datasetId: string): Promise<void> {
  for (const { file_id } of await uploadsOfDataset('embedded', datasetId)) {
    try {
      await client('embedded').files.delete(file_id)
    } catch (thrown) {
      if (!(thrown instanceof NotFoundError)) throw thrown
    }
  }
  await forgetUploads(datasetId)
}

/**
 * Deletes a deleted dataset for good: rows, steps, versions, files, and its copies at the built-in engine.
 * @throws AppError conflict when it is not deleted; provider_unreachable while the engine does not answer
 */
export async function purgeDataset(datasetId: string): Promise<void> {
  await deleteUploads(datasetId)
  await work('purge', { datasetId })
}
