import 'server-only'
import { CompiledQuery, type Expression, type Selectable, type SqlBool, sql } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { beingChanged, noDataset } from './refusals.ts'
import { REDOABLE_STEP, UNDOABLE_STEP } from './revision-sql.ts'
import type { StepKind } from './schema.ts'

export type DatasetRecord = Selectable<StudioTables['datasets']>

/** All datasets except deleted ones and those whose first import is in progress; archived ones come last. */
export const allDatasets = (): Promise<DatasetRecord[]> =>
  studio()
    .selectFrom('datasets')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where('revision', '>', 0)
    .orderBy(sql`archived_at is not null`)
    .orderBy('updated_at', 'desc')
    .orderBy('name')
    .execute()

/** Deleted datasets that can be restored, the latest deletion first. */
export const deletedDatasets = (): Promise<DatasetRecord[]> =>
  studio()
    .selectFrom('datasets')
    .selectAll()
    .where('deleted_at', 'is not', null)
    .where('revision', '>', 0)
    .where('name', '!=', '')
    .orderBy('deleted_at', 'desc')
    .execute()

/** @throws AppError not_found, also for a deleted dataset */
export async function findDataset(id: string, db: Db = studio()): Promise<DatasetRecord> {
  const found = await db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found || found.deleted_at !== null || found.revision === 0) {
    throw noDataset()
  }
  return found
}

export const findSample = (sample: string, db: Db = studio()): Promise<DatasetRecord | undefined> =>
  db.selectFrom('datasets').selectAll().where('sample', '=', sample).executeTakeFirst()

/** Inserts a dataset without rows. At revision 0 it is hidden until its first import is done. */
export async function insertDataset(
  dataset: Pick<DatasetRecord, 'id' | 'name' | 'revision'> & { sample?: string | null },
  now: number,
): Promise<void> {
  await studio()
    .insertInto('datasets')
    .values({
      importing: null,
      lines: 0,
      split_locked: null,
      report_json: null,
      summary_json: null,
      summary_revision: null,
      deleted_at: null,
      archived_at: null,
      sample: null,
      ...dataset,
      created_at: now,
      updated_at: now,
    })
    .execute()
}

/** @throws AppError not_found */
export async function changeDataset(
  id: string,
  change: Partial<Pick<DatasetRecord, 'name' | 'deleted_at' | 'archived_at' | 'updated_at'>>,
): Promise<void> {
  const changed = await studio().updateTable('datasets').set(change).where('id', '=', id).executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw new AppError('not_found', 'datasets.none')
}

/** Lets the studio create a sample again that was deleted for good. */
export const forgetPurgedSample = async (sample: string): Promise<void> => {
  await studio().deleteFrom('datasets').where('sample', '=', sample).where('name', '=', '').execute()
}

/** Deletes a dataset whose first import failed. */
export const forgetDataset = async (id: string): Promise<void> => {
  await studio().deleteFrom('datasets').where('id', '=', id).where('revision', '=', 0).execute()
}

/**
 * Records a change of one row as a step, inside the caller's transaction.
 * @param lines change in the number of lines
 * @returns the new revision
 * @throws AppError not_found, conflict while an import or rewrite is in progress
 */
export async function makeStep(
  datasetId: string,
  kind: StepKind,
  lines: -1 | 0 | 1,
  db: Db,
): Promise<number> {
  const dataset = await findDataset(datasetId, db)
  if (dataset.importing !== null) throw beingChanged()
  const [revision, now] = [dataset.revision + 1, Date.now()]
  await db
    .updateTable('datasets')
    .set({ revision, updated_at: now, lines: dataset.lines + lines })
    .where('id', '=', datasetId)
    .execute()
  await db
    .insertInto('dataset_steps')
    .values({ dataset_id: datasetId, revision, kind, rows: 1, reverts: null, created_at: now })
    .execute()
  return revision
}

async function kindOf(step: string, datasetId: string): Promise<StepKind | null> {
  const { rows } = await studio().executeQuery<{ kind: StepKind }>(CompiledQuery.raw(step, [datasetId]))
  return rows[0]?.kind ?? null
}

/** Kind of the newest step that can be undone; null: none. */
export const undoableStep = (datasetId: string): Promise<StepKind | null> => kindOf(UNDOABLE_STEP, datasetId)

/** Kind of the undone step that can be made again; null: none. */
export const redoableStep = (datasetId: string): Promise<StepKind | null> => kindOf(REDOABLE_STEP, datasetId)

/** Name of a dataset, also of a deleted one; null: unknown id. */
export async function datasetName(id: string): Promise<string | null> {
  const found = await studio().selectFrom('datasets').select('name').where('id', '=', id).executeTakeFirst()
  return found?.name ?? null
}

/** Names by id, also of deleted datasets. */
export async function datasetNames(ids: readonly string[]): Promise<Map<string, string>> {
  const found = await studio().selectFrom('datasets').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(found.map(({ id, name }) => [id, name]))
}

/**
 * Locks the splits of datasets in use at their current revision, and unlocks the others.
 * @param ids null: all datasets
 * @param isUsed SQL condition of the room that uses them
 */
export async function settleLocks(
  ids: readonly string[] | null,
  isUsed: (datasetId: Expression<string>) => Expression<SqlBool>,
  db: Db,
): Promise<void> {
  const those = db.updateTable('datasets').$if(ids !== null, (query) => query.where('id', 'in', ids ?? []))
  await those
    .set(({ ref }) => ({ split_locked: ref('revision') }))
    .where('split_locked', 'is', null)
    .where(({ ref }) => isUsed(ref('datasets.id')))
    .execute()
  await those
    .set({ split_locked: null })
    .where('split_locked', 'is not', null)
    .where(({ not, ref }) => not(isUsed(ref('datasets.id'))))
    .execute()
}
