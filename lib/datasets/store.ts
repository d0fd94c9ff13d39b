import 'server-only'
import { setImmediate as breathe } from 'node:timers/promises'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { AppError } from '#lib/errors.ts'
import type { Split } from './schema.ts'

export type DatasetRecord = Selectable<StudioTables['datasets']>
export type RowRecord = Selectable<StudioTables['dataset_rows']>
type Db = Kysely<StudioTables> | Transaction<StudioTables>

/** One transaction: all of it is on the disk before the answer leaves, or none of it. */
export const inTransaction = <Result>(
  work: (db: Transaction<StudioTables>) => Promise<Result>,
): Promise<Result> => studio().transaction().execute(work)

export const allDatasets = (): Promise<DatasetRecord[]> =>
  studio()
    .selectFrom('datasets')
    .selectAll()
    .where('deleted_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('name')
    .execute()

/** @throws AppError not_found, also for a deleted one */
export async function findDataset(id: string, db: Db = studio()): Promise<DatasetRecord> {
  const found = await db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found || found.deleted_at !== null) {
    throw new AppError('not_found', 'This dataset does not exist, or it was deleted.', { param: 'datasetId' })
  }
  return found
}

export const findSample = (sample: string, db: Db = studio()): Promise<DatasetRecord | undefined> =>
  db.selectFrom('datasets').selectAll().where('sample', '=', sample).executeTakeFirst()

export async function insertDataset(
  { id, name, sample = null, now }: { id: string; name: string; sample?: string | null; now: number },
  db: Db,
): Promise<void> {
  const times = { created_at: now, updated_at: now, deleted_at: null }
  const fresh = { revision: 1, summary_json: null, summary_revision: null }
  await db
    .insertInto('datasets')
    .values({ id, name, sample, ...fresh, ...times })
    .execute()
}

/** @throws AppError not_found */
export async function changeDataset(
  id: string,
  change: { name?: string; deleted_at?: number | null },
  now: number,
): Promise<void> {
  const changed = await studio()
    .updateTable('datasets')
    .set((eb) => ({ ...change, updated_at: now, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw new AppError('not_found', 'This dataset does not exist.')
}

/** Every change of a row is a change of its dataset. */
export async function touch(datasetId: string, now: number, db: Db): Promise<void> {
  await db
    .updateTable('datasets')
    .set((eb) => ({ updated_at: now, revision: eb('revision', '+', 1) }))
    .where('id', '=', datasetId)
    .execute()
}

/** Kept only if the dataset is still the one that was summed up. */
export async function keepSummary(id: string, revision: number, summary: unknown): Promise<void> {
  await studio()
    .updateTable('datasets')
    .set({ summary_json: JSON.stringify(summary), summary_revision: revision })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .execute()
}

const liveRows = (datasetId: string, db: Db) =>
  db.selectFrom('dataset_rows').where('dataset_id', '=', datasetId).where('deleted_at', 'is', null)

export function rowsOf(
  datasetId: string,
  { split, offset, limit }: { split?: Split; offset?: number; limit?: number } = {},
  db: Db = studio(),
): Promise<RowRecord[]> {
  let query = liveRows(datasetId, db).selectAll().orderBy('position').orderBy('id')
  if (split) query = query.where('split', '=', split)
  if (limit !== undefined) query = query.limit(limit)
  if (offset) query = query.offset(offset)
  return query.execute()
}

/** The split of every line, in order. */
export async function splitsOf(datasetId: string): Promise<string[]> {
  const rows = await liveRows(datasetId, studio()).select('split').orderBy('position').orderBy('id').execute()
  return rows.map(({ split }) => split)
}

export async function countRows(datasetId: string, db: Db = studio()): Promise<number> {
  const { rows } = await liveRows(datasetId, db)
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return Number(rows)
}

/** @throws AppError not_found */
export async function findRow(datasetId: string, rowId: string, db: Db): Promise<RowRecord> {
  const found = await db
    .selectFrom('dataset_rows')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('id', '=', rowId)
    .executeTakeFirst()
  if (!found) throw new AppError('not_found', 'This row does not exist.', { param: 'rowId' })
  return found
}

/** SQLite takes a few thousand values in one statement. */
const BATCH = 500

export async function insertRows(rows: RowRecord[], db: Db): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    await db
      .insertInto('dataset_rows')
      .values(rows.slice(start, start + BATCH))
      .execute()
    // SQLite answers in the same turn, so without this a long import would keep every stream waiting.
    await breathe()
  }
}

/**
 * Changes a row that is still at `revision`.
 * @returns false when someone else has changed it since
 */
export async function changeRow(
  rowId: string,
  revision: number,
  change: Partial<Pick<RowRecord, 'line' | 'split' | 'deleted_at' | 'tokens' | 'trained_tokens'>>,
  db: Db,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('dataset_rows')
    .set({ ...change, revision: revision + 1 })
    .where('id', '=', rowId)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface CountedRow {
  id: string
  revision: number
  tokens: number
  trained: number
}

const keepBatch = (counted: readonly CountedRow[]): Promise<void> =>
  inTransaction(async (db) => {
    for (const { id, revision, tokens, trained } of counted) {
      await db
        .updateTable('dataset_rows')
        .set({ tokens, trained_tokens: trained })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .execute()
    }
  })

/** Keeps what was counted, for rows that are still the ones that were counted. */
export async function keepTokens(counted: readonly CountedRow[]): Promise<void> {
  for (let start = 0; start < counted.length; start += BATCH) {
    await keepBatch(counted.slice(start, start + BATCH))
    await breathe()
  }
}

export async function lastPosition(datasetId: string, db: Db): Promise<number> {
  const { last } = await db
    .selectFrom('dataset_rows')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('dataset_id', '=', datasetId)
    .executeTakeFirstOrThrow()
  return last ?? 0
}

/** A place right behind a row: half-way to its neighbour. */
export async function positionAfter(row: RowRecord, db: Db): Promise<number> {
  const next = await db
    .selectFrom('dataset_rows')
    .select('position')
    .where('dataset_id', '=', row.dataset_id)
    .where('position', '>', row.position)
    .orderBy('position')
    .executeTakeFirst()
  if (!next) return row.position + 1
  const middle = (row.position + next.position) / 2
  if (middle > row.position && middle < next.position) return middle
  await renumber(row.dataset_id, db)
  return positionAfter(await findRow(row.dataset_id, row.id, db), db)
}

/** After some fifty insertions at one place there is no number left between two neighbours. */
async function renumber(datasetId: string, db: Db): Promise<void> {
  await sql`
    update dataset_rows set position = numbered.place
    from (
      select id as row_id, row_number() over (order by position, id) as place
      from dataset_rows where dataset_id = ${datasetId}
    ) as numbered
    where dataset_rows.id = numbered.row_id`.execute(db)
}

export const uploadsOf = (
  providerId: string,
  sha256: string,
): Promise<Selectable<StudioTables['uploads']>[]> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('sha256', '=', sha256)
    .orderBy('created_at', 'desc')
    .execute()

export const uploadWithId = (
  providerId: string,
  fileId: string,
): Promise<Selectable<StudioTables['uploads']> | undefined> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('file_id', '=', fileId)
    .executeTakeFirst()

export const insertUpload = async (upload: Selectable<StudioTables['uploads']>): Promise<void> => {
  await studio()
    .insertInto('uploads')
    .values(upload)
    // A provider that recognises the bytes by itself answers with the id it gave them before.
    .onConflict((conflict) => conflict.columns(['provider_id', 'file_id']).doUpdateSet(upload))
    .execute()
}
