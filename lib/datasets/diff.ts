import type { DatasetDiff, DiffQuery } from './schema.ts'
import { findDataset } from './store.ts'
import { revisionOf } from './versions-store.ts'
import { work } from './worker/client.ts'

/**
 * Compares two states of a dataset row by row, in line order.
 * @throws AppError not_found
 */
export async function diffVersions(
  datasetId: string,
  { from, to, offset, limit }: DiffQuery,
): Promise<DatasetDiff> {
  const { revision } = await findDataset(datasetId)
  const at = (side: string) => (side === 'draft' ? revision : revisionOf(datasetId, side))
  return work('diff', { datasetId, from: await at(from), to: await at(to), offset, limit })
}
