import { AppError } from '#lib/core/errors.ts'
import { withBlobs } from './blob-gc.ts'
import type { Context } from './context.ts'
import { blobsOf, deleteRows, dropDataset, hideDeleted } from './purge-store.ts'
import { transaction } from './store.ts'

/**
 * Task: deletes a deleted dataset for good: its rows of all revisions, steps and versions, and the files that no row of
 * another dataset stands in. What was written there is overwritten with zeros. A start finishes what was interrupted.
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
    // The log still holds the rows as they were; a reader that is open keeps it until the next checkpoint.
    db.exec('pragma wal_checkpoint(truncate)')
  } finally {
    db.exec('pragma secure_delete = off')
  }
}
