import { newDatasetId } from '#lib/core/ids.ts'
import type { DatasetChange, DatasetDraft, DatasetSummary } from './schema.ts'
import { changeDataset, insertDataset } from './store.ts'
import { getDatasetSummary } from './view.ts'

/** Creates a dataset without rows. */
export async function createDataset({ name }: DatasetDraft): Promise<DatasetSummary> {
  const id = newDatasetId()
  await insertDataset({ id, name, revision: 1 }, Date.now())
  return getDatasetSummary(id)
}

/**
 * Renames, archives, deletes or restores a dataset. An archived or deleted one keeps all its data.
 * @returns null when it is deleted now
 * @throws AppError not_found
 */
export async function updateDataset(
  datasetId: string,
  { name, deleted, archived }: DatasetChange,
): Promise<DatasetSummary | null> {
  const now = Date.now()
  await changeDataset(datasetId, {
    ...(name === undefined ? {} : { name, updated_at: now }),
    ...(deleted === undefined ? {} : { deleted_at: deleted ? now : null, updated_at: now }),
    // Archiving changes nothing in a dataset, and must not make it the newest.
    ...(archived === undefined ? {} : { archived_at: archived ? now : null }),
  })
  return deleted ? null : getDatasetSummary(datasetId)
}
