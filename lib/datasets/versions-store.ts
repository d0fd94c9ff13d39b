import 'server-only'
import { studio } from '#lib/db/studio.ts'
import type { VersionRecord } from './store.ts'

/** The newest first. */
export const versionRecords = (datasetId: string): Promise<VersionRecord[]> =>
  studio()
    .selectFrom('dataset_versions')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .orderBy('number', 'desc')
    .execute()

/** Remembers the revision at which a run first used the dataset. */
export async function lockAt(datasetId: string, revision: number): Promise<void> {
  await studio()
    .updateTable('datasets')
    .set({ split_locked: revision })
    .where('id', '=', datasetId)
    .where('split_locked', 'is', null)
    .execute()
}
