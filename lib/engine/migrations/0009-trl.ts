import type { Kysely } from 'kysely'

/** What a job reads of each row, frozen weights of 4 bits, and what jobs have taught about training here with trl. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['max_length', 'longest_row'])
    await db.schema.alterTable('jobs').addColumn(column, 'integer').execute()
  await db.schema.alterTable('jobs').addColumn('quantization', 'text').execute()
  await db.schema
    .createTable('trl_measures')
    .addColumn('base', 'text', (c) => c.notNull())
    .addColumn('method', 'text', (c) => c.notNull())
    .addColumn('objective', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('tokens_per_second', 'double precision')
    .addColumn('memory_factor', 'double precision')
    .addColumn('measured_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('trl_measures_key', ['base', 'method', 'objective', 'device'])
    .execute()
}
