import type { Kysely } from 'kysely'

async function evals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('evals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('dataset_id', 'text', (c) => c.notNull())
    .addColumn('version_id', 'text')
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('split', 'text', (c) => c.notNull())
    .addColumn('job_id', 'text')
    .addColumn('sweep', 'integer', (c) => c.notNull())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('request_json', 'text', (c) => c.notNull())
    .addColumn('columns_json', 'text', (c) => c.notNull())
    .addColumn('shots_json', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('pauses_json', 'text', (c) => c.notNull())
    .addColumn('confirmed', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .execute()
  await db.schema.createIndex('evals_state').on('evals').column('state').execute()
  await db.schema.createIndex('evals_job').on('evals').column('job_id').execute()
}

async function rows(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eval_rows')
    .addColumn('eval_id', 'text', (c) => c.notNull().references('evals.id').onDelete('cascade'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('question', 'text')
    .addColumn('messages_json', 'text', (c) => c.notNull())
    .addColumn('expected', 'text', (c) => c.notNull())
    .addColumn('excluded', 'text')
    .addPrimaryKeyConstraint('eval_rows_key', ['eval_id', 'place'])
    .execute()
}

async function cells(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eval_cells')
    .addColumn('eval_id', 'text', (c) => c.notNull().references('evals.id').onDelete('cascade'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('column_index', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('answer_id', 'text')
    .addColumn('from_cache', 'integer', (c) => c.notNull())
    .addColumn('grades_json', 'text')
    .addPrimaryKeyConstraint('eval_cells_key', ['eval_id', 'place', 'column_index'])
    .execute()
  await db.schema
    .createIndex('eval_cells_state')
    .on('eval_cells')
    .columns(['eval_id', 'state', 'column_index', 'place'])
    .execute()
}

/** What was paid for outlives the evaluation that asked for it. */
async function answers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eval_answers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('eval_id', 'text', (c) => c.notNull())
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('finish_reason', 'text')
    .addColumn('prompt_tokens', 'integer')
    .addColumn('cached_tokens', 'integer')
    .addColumn('completion_tokens', 'integer')
    .addColumn('first_token_ms', 'double precision')
    .addColumn('total_ms', 'double precision')
    .addColumn('reported_model', 'text')
    .addColumn('request_id', 'text')
    .addColumn('cost', 'bigint')
    .addColumn('error_json', 'text')
    .addColumn('asked_at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .execute()
  await db.schema.createIndex('eval_answers_hash').on('eval_answers').columns(['hash', 'state']).execute()
  await db.schema.createIndex('eval_answers_eval').on('eval_answers').column('eval_id').execute()
  await db.schema.createIndex('eval_answers_state').on('eval_answers').column('state').execute()
}

async function fixes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('eval_fixes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('eval_id', 'text', (c) => c.notNull())
    .addColumn('dataset_id', 'text', (c) => c.notNull())
    .addColumn('row_key', 'text', (c) => c.notNull())
    .addColumn('written_key', 'text', (c) => c.notNull())
    .addColumn('answer', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('eval_fixes_dataset').on('eval_fixes').column('dataset_id').execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await evals(db)
  await rows(db)
  await cells(db)
  await answers(db)
  await fixes(db)
}
