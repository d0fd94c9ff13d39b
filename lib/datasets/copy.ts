import type { CopyDraft, Step } from './schema.ts'
import { findDataset } from './store.ts'
import { work } from './worker/client.ts'

/**
 * Appends the rows of another dataset. Each keeps its split unless `split` is given.
 * @throws AppError not_found, conflict while the dataset is being rewritten
 */
export async function copyRows(datasetId: string, { from, split }: CopyDraft): Promise<Step> {
  await findDataset(datasetId)
  const { revision } = await findDataset(from)
  return work('copy', { datasetId, from, revision, split: split ?? null })
}
