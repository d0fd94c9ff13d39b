import 'server-only'
import { type Insertable, sql } from 'kysely'
import { AppError } from '#lib/core/errors.ts'
import type { Db } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import type { RowRecord } from './revision-rows-store.ts'

export type NewRow = Insertable<StudioTables['dataset_rows']>

/**
 * The newest record of a row, also of a deleted row.
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
  if (!found) throw new AppError('not_found', 'datasets.noRow', { param: 'rowId' })
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

/** A position right after a row: half-way to the next record, even an ended one. */
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

/** Positions to spread out when there is no room between two: a million rows would take seconds. */
const SPREAD = 1_000
/** Smallest gap after spreading; with closer neighbours the next spread would come too soon. */
const FINEST = 2 ** -20

/**
 * After some fifty insertions at one place there is no number left between two neighbours. Spreads the positions after the
 * row evenly, up to the last of `SPREAD`. Equal positions stay equal.
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
