import type { CopyDraft, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * Adds the rows of another dataset to the end of this one, onto the sides that they have there unless told.
 * @throws AppError not_found, conflict while the dataset is being rewritten
 */
export async function copyRows(datasetId: string, { from, split }: CopyDraft): Promise<Step> {
  await findDataset(datasetId)
  const { revision } = await findDataset(from)
  return work('copy', { datasetId, from, revision, split: split ?? null })
}
