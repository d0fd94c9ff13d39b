import 'server-only'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import { keepOnly } from './blobs.ts'

/** Reverts unfinished steps after a crash: deletes their new rows, and reopens the rows that they ended. */
export async function sweep(): Promise<void> {
  const swept = await inTransaction(sweepRows)
  if (swept) await keepOnly(await usedBlobs())
}

/** @returns whether there was anything to revert */
async function sweepRows(db: Db): Promise<boolean> {
  const hidden = await db.deleteFrom('datasets').where('revision', '=', 0).executeTakeFirst()
  const unfinished = await db.selectFrom('datasets').selectAll().where('importing', 'is not', null).execute()
  for (const { id, revision } of unfinished) {
    const rows = db.deleteFrom('dataset_rows').where('dataset_id', '=', id)
    await rows.where('since', '>', revision).execute()
    await db
      .updateTable('dataset_rows')
      .set({ until: null })
      .where('dataset_id', '=', id)
      .where('until', '>', revision)
      .execute()
    await db.updateTable('datasets').set({ importing: null }).where('id', '=', id).execute()
  }
  return hidden.numDeletedRows > 0n || unfinished.length > 0
}

async function usedBlobs(): Promise<Set<string>> {
  const rows = await studio()
    .selectFrom('dataset_rows')
    .select('blob')
    .distinct()
    .where('blob', 'is not', null)
    .execute()
  return new Set(rows.flatMap(({ blob }) => blob ?? []))
}
