import { AppError } from '#lib/core/errors.ts'
import { withBlobs } from './blob-gc.ts'
import type { Context } from './context.ts'
import { blobsOf, deleteRows, dropDataset, hideDeleted } from './purge-store.ts'
import { transaction } from './store.ts'

/**
 * Task: deletes a deleted dataset for good: its rows of all revisions, steps and versions, and files that no other dataset
 * uses. The rows are overwritten with zeros. The next start finishes an interrupted purge.
 * @throws AppError conflict when it is not deleted, or being changed
 */
export async function purge({ datasetId }: { datasetId: string }, context: Context): Promise<void> {
  const { db, yieldToEventLoop } = context
  if (!hideDeleted(db, datasetId)) throw new AppError('conflict', 'datasets.notDeleted')
  const blobs = blobsOf(db, datasetId)
  db.exec('pragma secure_delete = on')
  try {
    await withBlobs(context, datasetId, async ({ drop }) => {
      while (deleteRows(db, datasetId)) await yieldToEventLoop()
      transaction(db, () => dropDataset(db, datasetId))
      for (const blob of blobs) drop(blob)
    })
    // The write-ahead log still has the rows; an open reader delays this until the next checkpoint.
    db.exec('pragma wal_checkpoint(truncate)')
  } finally {
    db.exec('pragma secure_delete = off')
  }
}
