import type { BulkChange, ChangeDraft, ChangePreview, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * What a change of many rows would do.
 * @param signal of the caller: nothing else waits for it
 * @throws AppError not_found, conflict when it deals a split that a run has used
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
 * when it deals a split that a run has used
 */
export const changeRows = (datasetId: string, { revision, change }: ChangeDraft): Promise<Step> =>
  work('change', { datasetId, revision, change })
