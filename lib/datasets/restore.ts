import type { RestoreDraft, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { revisionOf } from './versions-store.ts'
import { work } from './worker/client.ts'

/**
 * Brings all rows back as they were in a version. That is a step like any other, and can be taken back.
 * @throws AppError not_found, conflict while the dataset is being rewritten, or when rows would change sides of a
 * split that a run has used
 */
export async function restoreVersion(datasetId: string, { versionId }: RestoreDraft): Promise<Step> {
  await findDataset(datasetId)
  return work('restore', { datasetId, revision: await revisionOf(datasetId, versionId) })
}
