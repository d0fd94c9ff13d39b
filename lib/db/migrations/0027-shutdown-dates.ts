import type { Kysely } from 'kysely'

/** Dates of shutdowns that the user has changed: those that are shipped were read on one day. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shutdown_dates')
    .addColumn('what', 'text', (column) => column.primaryKey().notNull())
    .addColumn('date', 'text', (column) => column.notNull())
    .execute()
}
