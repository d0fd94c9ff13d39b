import type { BulkChange, ChangeDraft, ChangePreview, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * Previews a change of many rows.
 * @param signal cancels the preview
 * @throws AppError not_found, conflict when it would change a split that a job has used
 */
export async function previewChange(
  datasetId: string,
  change: BulkChange,
  signal?: AbortSignal,
): Promise<ChangePreview> {
  const { revision } = await findDataset(datasetId)
  return work('preview', { datasetId, revision, change }, { signal })
}

/**
 * Changes many rows in one step.
 * @throws AppError not_found, conflict when the dataset is no longer at `revision`, while it is being rewritten, or
 * when it would change a split that a job has used
 */
export const changeRows = (datasetId: string, { revision, change }: ChangeDraft): Promise<Step> =>
  work('change', { datasetId, revision, change })
