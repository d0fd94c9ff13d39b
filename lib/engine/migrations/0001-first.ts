import { type Kysely, sql } from 'kysely'

async function files(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('files')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('filename', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
}

async function jobs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('status_times_json', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('training_file', 'text', (c) => c.notNull())
    .addColumn('validation_file', 'text')
    .addColumn('method', 'text', (c) => c.notNull())
    .addColumn('epochs', 'integer')
    .addColumn('batch_size', 'integer')
    .addColumn('learning_rate_multiplier', 'double precision')
    .addColumn('suffix', 'text', (c) => c.notNull())
    .addColumn('seed', 'integer', (c) => c.notNull())
    .addColumn('metadata_json', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('estimated_finish', 'bigint')
    .addColumn('step', 'integer')
    .addColumn('total_steps', 'integer')
    .addColumn('restarts', 'integer', (c) => c.notNull())
    .addColumn('fine_tuned_model', 'text')
    .addColumn('trained_tokens', 'bigint')
    .addColumn('result_file', 'text')
    .addColumn('error_json', 'text')
    .addColumn('idempotency_key', 'text', (c) => c.unique())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('jobs_by_status').on('jobs').columns(['status', 'seq']).execute()
}

async function events(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id'))
    .addColumn('topic', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('level', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('data_json', 'text', (c) => c.notNull())
    .addUniqueConstraint('events_once', ['job_id', 'topic'])
    .execute()
  await db.schema.createIndex('events_in_order').on('events').columns(['job_id', 'seq']).execute()
}

async function checkpoints(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('checkpoints')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('job_id', 'text', (c) => c.notNull().references('jobs.id'))
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('folder', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.unique())
    .addColumn('metrics_json', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('final', 'integer', (c) => c.notNull())
    .addUniqueConstraint('checkpoints_once', ['job_id', 'step'])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await files(db)
  await jobs(db)
  await events(db)
  await checkpoints(db)
  await sql`pragma user_version = 1`.execute(db)
}
