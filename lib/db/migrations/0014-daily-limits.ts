import type { Kysely } from 'kysely'

/** A provider takes so many jobs a day for a model: until when it takes no more of it, and in whose words. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('daily_limits')
    .addColumn('provider_id', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('earliest', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('daily_limits_key', ['provider_id', 'account', 'model'])
    .execute()
}
