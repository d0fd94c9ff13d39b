import type { Kysely } from 'kysely'

/** Providers that were added in the studio. Of a removed one the key is gone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connections')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('nearby', 'integer', (c) => c.notNull())
    .addColumn('sealed', 'text')
    .addColumn('sealed_by', 'text')
    .addColumn('key_end', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('removed_at', 'bigint')
    .execute()
}
