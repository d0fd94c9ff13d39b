import type { Undone } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * Undoes the newest step that is not undone yet; a second call undoes the step before it. The work is in worker/undo.ts.
 * @throws AppError not_found, conflict when there is none, when the dataset is being rewritten, or when rows would move in a
 * split that a job has used
 */
export async function undoStep(datasetId: string): Promise<Undone> {
  await findDataset(datasetId)
  return work('undo', { datasetId })
}

/**
 * Makes the change again that was undone last; a second call makes the one before it again.
 * @throws AppError not_found, conflict when there is none, when rows have changed since or are being rewritten, or when
 * rows would move in a split that a job has used
 */
export async function redoStep(datasetId: string): Promise<Undone> {
  await findDataset(datasetId)
  return work('redo', { datasetId })
}
