import type { Undone } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * Takes back the newest step that is not taken back yet; done again, the one before it.
 * @throws AppError not_found, conflict when there is none, when the dataset is being rewritten, or when rows would
 * change sides of a split that a run has used
 */
export async function undoStep(datasetId: string): Promise<Undone> {
  await findDataset(datasetId)
  return work('undo', { datasetId })
}
