import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type LimitsRecord = Selectable<StudioTables['spend_limits']>
export type SpendRecord = Selectable<StudioTables['spend']>

export const limitsRecord = (providerId: string, db: Db = studio()): Promise<LimitsRecord | undefined> =>
  db.selectFrom('spend_limits').selectAll().where('provider_id', '=', providerId).executeTakeFirst()

export async function keepLimits(limits: LimitsRecord): Promise<void> {
  const { provider_id: _, ...set } = limits
  await studio()
    .insertInto('spend_limits')
    .values(limits)
    .onConflict((conflict) => conflict.column('provider_id').doUpdateSet(set))
    .execute()
}

/** Paid sums, and reservations of what is under way, of everything that began at `since` (ms) or later. */
export async function sumsSince(
  providerId: string,
  since: number,
  db: Db = studio(),
): Promise<{ spent: number; reserved: number }> {
  const { spent, reserved } = await db
    .selectFrom('spend')
    .select([
      sql<number>`coalesce(sum(spent), 0)`.as('spent'),
      sql<number>`coalesce(sum(case when spent is null then reserved end), 0)`.as('reserved'),
    ])
    .where('provider_id', '=', providerId)
    .where('created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return { spent: Number(spent), reserved: Number(reserved) }
}

/** Deletes an earlier, released reservation of the same id. */
export async function forgetSpend(id: string, db: Db): Promise<void> {
  await db.deleteFrom('spend').where('id', '=', id).execute()
}

export async function insertSpend(spend: Insertable<StudioTables['spend']>, db: Db): Promise<void> {
  await db.insertInto('spend').values(spend).execute()
}

export const spendRecord = (id: string, db: Db = studio()): Promise<SpendRecord | undefined> =>
  db.selectFrom('spend').selectAll().where('id', '=', id).executeTakeFirst()

export async function settleSpend(id: string, spent: number, db: Db = studio()): Promise<void> {
  await db.updateTable('spend').set({ spent, settled_at: Date.now() }).where('id', '=', id).execute()
}

export async function reopenSpend(id: string, db: Db): Promise<void> {
  await db.updateTable('spend').set({ spent: null, settled_at: null }).where('id', '=', id).execute()
}

/**
 * Counts everything but jobs that an earlier start than `start` began and never settled as costing the whole
 * reservation.
 */
export async function settleForgotten(start: string): Promise<void> {
  await studio()
    .updateTable('spend')
    .set({ spent: sql<number>`reserved`, settled_at: Date.now() })
    .where('kind', '!=', 'job')
    .where('spent', 'is', null)
    .where('start', 'is not', start)
    .execute()
}

/** The paid or reserved sum, for queries of other rooms. @param id the column that holds the id, such as `jobs.id` */
export const spendColumn = <Name extends 'spent' | 'reserved'>(name: Name, id: string) =>
  sql<SpendRecord[Name] | null>`(
    select ${sql.ref(`spend.${name}`)} from spend where spend.id = ${sql.ref(id)}
  )`

/** The cost as far as it is known: paid, else reserved. */
export const costBy = (id: string) =>
  sql<
    number | null
  >`(select coalesce(spend.spent, spend.reserved) from spend where spend.id = ${sql.ref(id)})`
