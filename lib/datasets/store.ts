import { beingChanged, noDataset } from './refusals.ts'
import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { keepOnly } from './blobs.ts'
import type { Split, StepKind } from './schema.ts'

export type DatasetRecord = Selectable<StudioTables['datasets']>
export type RowRecord = Selectable<StudioTables['dataset_rows']>
export type NewRow = Insertable<StudioTables['dataset_rows']>
export type VersionRecord = Selectable<StudioTables['dataset_versions']>
/** All that are there: not deleted, and their first rows have come in. */
export const allDatasets = (): Promise<DatasetRecord[]> =>
  studio()
    .selectFrom('datasets')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where('revision', '>', 0)
    .orderBy('updated_at', 'desc')
    .orderBy('name')
    .execute()

/** Deleted ones that can be brought back, the one deleted last first. */
export const deletedDatasets = (): Promise<DatasetRecord[]> =>
  studio()
    .selectFrom('datasets')
    .selectAll()
    .where('deleted_at', 'is not', null)
    .where('revision', '>', 0)
    .where('name', '!=', '')
    .orderBy('deleted_at', 'desc')
    .execute()

/** @throws AppError not_found, also for a deleted one */
export async function findDataset(id: string, db: Db = studio()): Promise<DatasetRecord> {
  const found = await db.selectFrom('datasets').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found || found.deleted_at !== null || found.revision === 0) {
    throw noDataset()
  }
  return found
}

export const findSample = (sample: string, db: Db = studio()): Promise<DatasetRecord | undefined> =>
  db.selectFrom('datasets').selectAll().where('sample', '=', sample).executeTakeFirst()

/** A dataset without rows. At revision 0 nobody sees it: its first rows are still to come. */
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
  change: { name?: string; deleted_at?: number | null },
  now: number,
): Promise<void> {
  const changed = await studio()
    .updateTable('datasets')
    .set({ ...change, updated_at: now })
    .where('id', '=', id)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw new AppError('not_found', 'This dataset does not exist.')
}

/** Lets a sample that was deleted for good be made again. */
export const forgetPurgedSample = async (sample: string): Promise<void> => {
  await studio().deleteFrom('datasets').where('sample', '=', sample).where('name', '=', '').execute()
}

/** Takes away a dataset that never came to be. */
export const forgetDataset = async (id: string): Promise<void> => {
  await studio().deleteFrom('datasets').where('id', '=', id).where('revision', '=', 0).execute()
}

/** What an end in the middle of a change left over: rows that never came to be, and ends that never came. */
export async function sweep(): Promise<void> {
  const swept = await inTransaction(sweepRows)
  if (swept) await keepOnly(await usedBlobs())
}

/** @returns whether there was anything to sweep up */
async function sweepRows(db: Db): Promise<boolean> {
  const unborn = await db.deleteFrom('datasets').where('revision', '=', 0).executeTakeFirst()
  const halves = await db.selectFrom('datasets').selectAll().where('importing', 'is not', null).execute()
  for (const { id, revision } of halves) {
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
  return unborn.numDeletedRows > 0n || halves.length > 0
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

/**
 * Begins a change of one row inside the caller's transaction.
 * @param lines by how many the dataset grows
 * @returns the revision that the change makes
 * @throws AppError not_found, conflict while rows of the dataset come in or are rewritten
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

export const rowsAt = ({ id, revision }: Pick<DatasetRecord, 'id' | 'revision'>, db: Db) =>
  db
    .selectFrom('dataset_rows')
    .where('dataset_id', '=', id)
    .where('since', '<=', revision)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', revision)]))

interface Window {
  split?: Split
  offset?: number
  limit?: number
}

/** Rows as they are, or as they were at the revision that is given. */
export function rowsOf(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  { split, offset, limit }: Window = {},
  db: Db = studio(),
): Promise<RowRecord[]> {
  let query = rowsAt(dataset, db).selectAll().orderBy('position').orderBy('seq')
  if (split) query = query.where('split', '=', split)
  if (limit !== undefined) query = query.limit(limit)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export type RowPlace = Pick<RowRecord, 'blob' | 'offset' | 'length' | 'line'>

/** Rows read in one go. */
const CHUNK = 500

/** Where the text of every row is, in order, of however many rows. */
export async function* placesOf(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  split?: Split,
): AsyncGenerator<RowPlace> {
  let query = rowsAt(dataset, studio())
    .select(['seq', 'blob', 'offset', 'length', 'line'])
    .orderBy('position')
    .orderBy('seq')
    .limit(CHUNK)
  if (split) query = query.where('split', '=', split)
  for (let last = 0; ; ) {
    // Behind the row that ended the last chunk, wherever it stands by now: positions may be numbered anew meanwhile.
    const rows = await (last === 0
      ? query
      : query.where(
          sql<boolean>`(position, seq) > ((select position from dataset_rows where seq = ${last}), ${last})`,
        )
    ).execute()
    yield* rows
    if (rows.length < CHUNK) return
    last = rows.at(-1)?.seq ?? 0
  }
}

/** The files that the rows of a revision stand in. */
export async function blobsAt(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  split?: Split,
): Promise<string[]> {
  let query = rowsAt(dataset, studio()).select('blob').distinct().where('blob', 'is not', null)
  if (split) query = query.where('split', '=', split)
  return (await query.execute()).flatMap(({ blob }) => blob ?? [])
}

/** A window of all rows as they are, reached from whichever end is nearer: skipping costs, also in an index. */
export async function windowOf(dataset: DatasetRecord, offset: number, limit: number): Promise<RowRecord[]> {
  if (offset <= dataset.lines / 2) return rowsOf(dataset, { offset, limit })
  const behind = Math.max(0, dataset.lines - offset - limit)
  const rows = await rowsAt(dataset, studio())
    .selectAll()
    .orderBy('position', 'desc')
    .orderBy('seq', 'desc')
    .limit(Math.max(0, Math.min(limit, dataset.lines - offset)))
    .offset(behind)
    .execute()
  return rows.reverse()
}

/** Records by their own numbers, in the order that is asked for. */
export async function rowsWith(seqs: readonly number[]): Promise<RowRecord[]> {
  if (seqs.length === 0) return []
  const rows = await studio().selectFrom('dataset_rows').selectAll().where('seq', 'in', seqs).execute()
  const known = new Map(rows.map((row) => [row.seq, row]))
  return seqs.flatMap((seq) => known.get(seq) ?? [])
}

/** Which line of the dataset a record is, from 1: rows up to it in their order. */
async function lineAt(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  { position, seq }: Pick<RowRecord, 'position' | 'seq'>,
): Promise<number> {
  const { before } = await rowsAt(dataset, studio())
    .select((eb) => eb.fn.countAll<number>().as('before'))
    .where((eb) =>
      eb.or([eb('position', '<', position), eb.and([eb('position', '=', position), eb('seq', '<=', seq)])]),
    )
    .executeTakeFirstOrThrow()
  return Number(before)
}

/** Which line of the whole dataset the n-th line of one split is, from 1; 0 when there is none. */
export async function lineOfSplit(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  split: Split,
  line: number,
): Promise<number> {
  const wanted = await rowsAt(dataset, studio())
    .select(['position', 'seq'])
    .where('split', '=', split)
    .orderBy('position')
    .orderBy('seq')
    .limit(1)
    .offset(line - 1)
    .executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}

/** Which line a row is, by its lasting id, from 1; 0 when it is not there any more. */
export async function lineOfRow(
  dataset: Pick<DatasetRecord, 'id' | 'revision'>,
  key: string,
): Promise<number> {
  const wanted = await rowsAt(dataset, studio())
    .select(['position', 'seq'])
    .where('key', '=', key)
    .executeTakeFirst()
  return wanted ? lineAt(dataset, wanted) : 0
}

/**
 * The row as it is, or as it was last when it is gone.
 * @throws AppError not_found
 */
export async function findRow(datasetId: string, key: string, db: Db): Promise<RowRecord> {
  const found = await db
    .selectFrom('dataset_rows')
    .selectAll()
    .where('dataset_id', '=', datasetId)
    .where('key', '=', key)
    .orderBy('since', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!found) throw new AppError('not_found', 'This row does not exist.', { param: 'rowId' })
  return found
}

export async function insertRow(row: NewRow, db: Db): Promise<void> {
  await db.insertInto('dataset_rows').values(row).execute()
}

export async function endRow(seq: number, until: number, db: Db): Promise<void> {
  await db.updateTable('dataset_rows').set({ until }).where('seq', '=', seq).execute()
}

export async function lastPosition(datasetId: string, db: Db): Promise<number> {
  const { last } = await db
    .selectFrom('dataset_rows')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('dataset_id', '=', datasetId)
    .executeTakeFirstOrThrow()
  return last ?? 0
}

/** A place right behind a row: half-way to its neighbour, also when that one is gone. */
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
  await makeRoom(row, db)
  return positionAfter(await findRow(row.dataset_id, row.key, db), db)
}

/** Places that are spread out when there is no room between two: of a million rows all would take seconds. */
const SPREAD = 1_000
/** Between neighbours that were spread out; closer ones would have to be spread again too soon. */
const FINEST = 2 ** -20

/**
 * After some fifty insertions at one place there is no number left between two neighbours. The places behind the row are
 * spread evenly as far as the last of them. Equals stay equal.
 */
async function makeRoom({ dataset_id, position }: RowRecord, db: Db): Promise<void> {
  const { rows } = await sql<{ count: number; last: number }>`
    select count(*) as count, max(position) as last
    from (
      select distinct position from dataset_rows
      where dataset_id = ${dataset_id} and position > ${position}
      order by position limit ${SPREAD}
    )`.execute(db)
  const { count = 0, last = position } = rows[0] ?? {}
  const step = (last - position) / count
  if (step < FINEST) return renumber(dataset_id, db)
  await sql`
    update dataset_rows set position = ${position} + ${step} * spread.place
    from (
      select seq as row_seq, dense_rank() over (order by position) as place
      from dataset_rows
      where dataset_id = ${dataset_id} and position > ${position} and position < ${last}
    ) as spread
    where dataset_rows.seq = spread.row_seq`.execute(db)
}

async function renumber(datasetId: string, db: Db): Promise<void> {
  await sql`
    update dataset_rows set position = numbered.place
    from (
      select seq as row_seq, dense_rank() over (order by position) as place
      from dataset_rows where dataset_id = ${datasetId}
    ) as numbered
    where dataset_rows.seq = numbered.row_seq`.execute(db)
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

/** The newest version of each dataset, by its id. */
export async function newestVersions(db: Db = studio()): Promise<Map<string, VersionRecord>> {
  const versions = await db.selectFrom('dataset_versions').selectAll().orderBy('number').execute()
  return new Map(versions.map((version) => [version.dataset_id, version]))
}

/** What an undo would take back: the newest step that no undo has taken back, and that is none itself. */
export async function undoableStep(datasetId: string, db: Db = studio()): Promise<StepKind | null> {
  const step = await db
    .selectFrom('dataset_steps as step')
    .select('kind')
    .where('dataset_id', '=', datasetId)
    .where('kind', 'not in', ['undo', 'create'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('dataset_steps as undo')
            .select('undo.revision')
            .whereRef('undo.dataset_id', '=', 'step.dataset_id')
            .whereRef('undo.reverts', '=', 'step.revision'),
        ),
      ),
    )
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (step?.kind as StepKind | undefined) ?? null
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

/** Files at a provider that were made of a dataset. */
export const uploadsOfDataset = (
  providerId: string,
  datasetId: string,
): Promise<Selectable<StudioTables['uploads']>[]> =>
  studio()
    .selectFrom('uploads')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('dataset_id', '=', datasetId)
    .execute()

export const forgetUploads = async (datasetId: string): Promise<void> => {
  await studio().deleteFrom('uploads').where('dataset_id', '=', datasetId).execute()
}
