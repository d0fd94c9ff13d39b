import 'server-only'
import { CompiledQuery } from 'kysely'
import type { Db } from '#lib/db/studio.ts'
import { studio } from '#lib/db/studio.ts'
import { MOVED_SINCE } from './moved.ts'
import type { VersionRecord } from './store.ts'

/** The newest first. */
export const versionRecords = (datasetId: string): Promise<VersionRecord[]> =>
  studio()
    .selectFrom('dataset_versions')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .orderBy('number', 'desc')
    .execute()

/** Whether a row stands on the other side of the split than it did at a revision. */
export async function hasMovedSince(datasetId: string, revision: number, db: Db): Promise<boolean> {
  const values = [datasetId, revision, revision, revision]
  return (await db.executeQuery(CompiledQuery.raw(MOVED_SINCE, values))).rows.length > 0
}
