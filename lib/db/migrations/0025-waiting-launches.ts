import type { Kysely } from 'kysely'

/** Jobs that are launched when their provider takes another one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('waiting_launches')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('draft_json', 'text', (column) => column.notNull())
    .addColumn('version_ids', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('error_json', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute()
}
