import { type Kysely, sql } from 'kysely'

/** What is brought home from each provider, and how far that is. */
async function rescues(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rescues')
    .addColumn('provider_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('error_json', 'text')
    .addColumn('started_at', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'integer')
    .execute()
}

/** One receipt for each thing of an account, and its bytes by their SHA-256. */
async function archive(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('archive_items')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('provider_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('remote_id', 'text', (column) => column.notNull())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('facts_json', 'text')
    .addColumn('due', 'integer', (column) => column.notNull())
    .addColumn('final', 'integer', (column) => column.notNull())
    .addColumn('saved_at', 'integer')
    .addColumn('checked_at', 'integer')
    .addColumn('reason', 'text')
    .addColumn('error_json', 'text')
    .addUniqueConstraint('archive_items_id', ['provider_id', 'kind', 'remote_id'])
    .execute()
  await sql`create index archive_items_due on archive_items(provider_id, kind, seq) where due = 1`.execute(db)
  await db.schema
    .createTable('archive_parts')
    .addColumn('item', 'integer', (column) =>
      column.notNull().references('archive_items.seq').onDelete('cascade'),
    )
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('archive_parts_key', ['item', 'place'])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await rescues(db)
  await archive(db)
}
