import type { Kysely } from 'kysely'

/** What people have decided about a row, beside its text, and whether a dataset is archived. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('dataset_rows').addColumn('review', 'text').execute()
  await db.schema.alterTable('dataset_rows').addColumn('tags_json', 'text').execute()
  await db.schema.alterTable('dataset_rows').addColumn('note', 'text').execute()
  await db.schema.alterTable('datasets').addColumn('archived_at', 'bigint').execute()
}
