import 'server-only'
import { CompiledQuery, type Selectable, sql } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { sentAt } from './revision-rows-store.ts'
import { MOVED_SINCE } from './revision-sql.ts'
import type { Split } from './schema.ts'

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
export async function findVersion(datasetId: string, versionId: string): Promise<VersionRecord> {
  const version = await studio()
    .selectFrom('dataset_versions')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('id', '=', versionId)
    .executeTakeFirst()
  if (!version) throw new AppError('not_found', 'datasets.noVersion', { param: 'versionId' })
  return version
}

/** @throws AppError not_found */
export const revisionOf = async (datasetId: string, versionId: string): Promise<number> =>
  (await findVersion(datasetId, versionId)).revision

/** Whether a row has changed its split since a revision. */
export async function hasMovedSince(datasetId: string, revision: number, db: Db): Promise<boolean> {
  return (await db.executeQuery(CompiledQuery.raw(MOVED_SINCE, [datasetId, revision]))).rows.length > 0
}

export const maybeVersion = (id: string | null): Promise<VersionRecord | undefined> =>
  studio().selectFrom('dataset_versions').selectAll().where('id', '=', id).executeTakeFirst()

/** The version of a revision, if there is one. */
export const versionAt = (datasetId: string, revision: number): Promise<VersionRecord | undefined> =>
  studio()
    .selectFrom('dataset_versions')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('revision', '=', revision)
    .executeTakeFirst()

/** Rows of a split, and their tokens by OpenAI's encoding. */
export interface SplitFacts {
  rows: number
  tokens: number
}

/** Rows and tokens of a split of a version; null: unknown version. */
export async function splitFacts(versionId: string | null, split: Split): Promise<SplitFacts | null> {
  const version = versionId === null ? undefined : await maybeVersion(versionId)
  if (!version) return null
  const { tokens } = await sentAt({ id: version.dataset_id, revision: version.revision }, split)
    .select(({ fn }) => fn.coalesce(fn.sum<number>('tokens'), sql<number>`0`).as('tokens'))
    .executeTakeFirstOrThrow()
  return { rows: split === 'train' ? version.train_rows : version.heldout_rows, tokens: Number(tokens) }
}
