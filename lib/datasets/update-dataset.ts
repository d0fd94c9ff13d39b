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
  const change = {
    ...(name === undefined ? {} : { name }),
    ...(deleted === undefined ? {} : { deleted_at: deleted ? now : null }),
    ...(archived === undefined ? {} : { archived_at: archived ? now : null }),
  }
  await changeDataset(datasetId, change, now)
  return deleted ? null : getDatasetSummary(datasetId)
}
