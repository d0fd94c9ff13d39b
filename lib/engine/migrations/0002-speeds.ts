import type { Kysely } from 'kysely'

/** Training throughput on this computer, by base model and method. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('speeds')
    .addColumn('base', 'text', (c) => c.notNull())
    .addColumn('method', 'text', (c) => c.notNull())
    .addColumn('tokens_per_second', 'double precision', (c) => c.notNull())
    .addColumn('measured_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('speeds_key', ['base', 'method'])
    .execute()
}
