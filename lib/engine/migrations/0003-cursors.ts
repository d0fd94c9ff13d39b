import { type Kysely, sql } from 'kysely'

/** Keeps the list position of deleted rows, so that cursors pointing at them stay valid. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deleted')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .execute()
  for (const table of ['files', 'checkpoints'])
    await sql`create trigger ${sql.raw(`${table}_deleted`)} after delete on ${sql.raw(table)} begin
      insert or replace into deleted (id, seq) values (old.id, old.seq);
    end`.execute(db)
}
