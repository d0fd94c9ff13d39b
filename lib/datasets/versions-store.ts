import 'server-only'
import { CompiledQuery, type Selectable } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { MOVED_SINCE } from './revision-sql.ts'

export type VersionRecord = Selectable<StudioTables['dataset_versions']>

/** The newest first. */
export const versionRecords = (datasetId: string): Promise<VersionRecord[]> =>
  studio()
    .selectFrom('dataset_versions')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .orderBy('number', 'desc')
    .execute()

/** The newest version of each dataset, by its id. */
export async function newestVersions(db: Db = studio()): Promise<Map<string, VersionRecord>> {
  const versions = await db.selectFrom('dataset_versions').selectAll().orderBy('number').execute()
  return new Map(versions.map((version) => [version.dataset_id, version]))
}

/** @throws AppError not_found */
export async function revisionOf(datasetId: string, versionId: string): Promise<number> {
  const version = await studio()
    .selectFrom('dataset_versions')
    .select('revision')
    .where('dataset_id', '=', datasetId)
    .where('id', '=', versionId)
    .executeTakeFirst()
  if (!version) throw new AppError('not_found', 'This version does not exist.', { param: 'versionId' })
  return version.revision
}

/** Whether a row stands on the other side of the split than it did at a revision. */
export async function hasMovedSince(datasetId: string, revision: number, db: Db): Promise<boolean> {
  return (await db.executeQuery(CompiledQuery.raw(MOVED_SINCE, [datasetId, revision]))).rows.length > 0
}
