import { type Kysely, sql } from 'kysely'

/** Rows were changed in place before; from here on every record has a beginning and an end. */
async function rows(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dataset_records')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('dataset_id', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
    .addColumn('position', 'double precision', (c) => c.notNull())
    .addColumn('split', 'text', (c) => c.notNull())
    .addColumn('blob', 'text')
    .addColumn('offset', 'bigint')
    .addColumn('length', 'bigint')
    .addColumn('line', 'text')
    .addColumn('since', 'integer', (c) => c.notNull())
    .addColumn('until', 'integer')
    .addColumn('checked', 'integer')
    .addColumn('kind', 'text')
    .addColumn('tokens', 'bigint')
    .addColumn('trained_tokens', 'bigint')
    .addColumn('flags', 'integer')
    .addColumn('language', 'text')
    .addColumn('line_hash', 'bigint')
    .addColumn('prompt_hash', 'bigint')
    .addColumn('answer_hash', 'bigint')
    .addColumn('system_hash', 'bigint')
    .addColumn('sketch', 'blob')
    .addColumn('issues_json', 'text')
    .execute()
  await sql`
    insert into dataset_records (key, dataset_id, position, split, blob, "offset", length, line, since, until)
    select r.id, r.dataset_id, r.position, r.split, r.blob, r."offset", r.length, r.line, 1,
      case when r.deleted_at is null then null else d.revision end
    from dataset_rows r join datasets d on d.id = r.dataset_id`.execute(db)
  await db.schema.dropTable('dataset_rows').execute()
  await db.schema.alterTable('dataset_records').renameTo('dataset_rows').execute()
  // Holds all that a window of rows is chosen by, so that skipping a million of them reads no row.
  await db.schema
    .createIndex('dataset_rows_in_order')
    .on('dataset_rows')
    .columns(['dataset_id', 'position', 'seq', 'since', 'until'])
    .execute()
  await db.schema.createIndex('dataset_rows_key').on('dataset_rows').columns(['dataset_id', 'key']).execute()
  // Partial, so that nobody reads the rows of a revision by it: a million of them may have come in at the first.
  await db.schema
    .createIndex('dataset_rows_since')
    .on('dataset_rows')
    .columns(['dataset_id', 'since'])
    .where('since', '>', 1)
    .execute()
  await db.schema
    .createIndex('dataset_rows_until')
    .on('dataset_rows')
    .columns(['dataset_id', 'until'])
    .where('until', 'is not', null)
    .execute()
}

async function history(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('dataset_steps')
    .addColumn('dataset_id', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('rows', 'integer', (c) => c.notNull())
    .addColumn('reverts', 'integer')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('dataset_steps_key', ['dataset_id', 'revision'])
    .execute()
  await db.schema
    .createTable('dataset_versions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('dataset_id', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('note', 'text')
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('train_rows', 'integer', (c) => c.notNull())
    .addColumn('heldout_rows', 'integer', (c) => c.notNull())
    .addColumn('tokens', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('dataset_versions_number', ['dataset_id', 'number'])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await rows(db)
  await history(db)
  await db.schema.alterTable('datasets').addColumn('importing', 'integer').execute()
  await db.schema.alterTable('datasets').addColumn('split_locked', 'integer').execute()
  await db.schema
    .alterTable('datasets')
    .addColumn('lines', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await sql`
    update datasets set lines =
      (select count(*) from dataset_rows where dataset_id = datasets.id and until is null)`.execute(db)
  await db.schema.alterTable('datasets').addColumn('report_json', 'text').execute()
  // What was summed up before says less than a summary does now.
  await sql`update datasets set summary_json = null, summary_revision = null`.execute(db)
  await db.schema.alterTable('jobs').addColumn('dataset_version_id', 'text').execute()
}
