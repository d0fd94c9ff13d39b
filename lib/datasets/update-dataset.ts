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
 * Renames, deletes or restores a dataset. A deleted one keeps all its data.
 * @returns null when it is deleted now
 * @throws AppError not_found
 */
export async function updateDataset(
  datasetId: string,
  { name, deleted }: DatasetChange,
): Promise<DatasetSummary | null> {
  const now = Date.now()
  const gone = deleted === undefined ? {} : { deleted_at: deleted ? now : null }
  await changeDataset(datasetId, { ...(name === undefined ? {} : { name }), ...gone }, now)
  return deleted ? null : getDatasetSummary(datasetId)
}
