import type { RestoreDraft, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { revisionOf } from './versions-store.ts'
import { work } from './worker/client.ts'

/**
 * Restores all rows of a version, as one step that can be undone.
 * @throws AppError not_found, conflict while the dataset is being rewritten, or when rows would move in a split that a job
 * has used
 */
export async function restoreVersion(datasetId: string, { versionId }: RestoreDraft): Promise<Step> {
  await findDataset(datasetId)
  return work('restore', { datasetId, revision: await revisionOf(datasetId, versionId) })
}
