import type { Kysely } from 'kysely'

/** What was asked, and who answered what. An answer is written when it ends, whichever way. */
async function comparisons(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('comparisons')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('job_id', 'text', (c) => c.references('jobs.id').onDelete('set null'))
    .addColumn('blind', 'integer', (c) => c.notNull())
    .addColumn('question', 'text', (c) => c.notNull())
    .addColumn('request_json', 'text', (c) => c.notNull())
    .addColumn('order_json', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('comparisons_newest')
    .on('comparisons')
    .columns(['created_at desc', 'id desc'])
    .execute()
}

async function answers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('answers')
    .addColumn('comparison_id', 'text', (c) => c.notNull().references('comparisons.id').onDelete('cascade'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('sample', 'integer', (c) => c.notNull())
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('few_shot', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('facts_json', 'text')
    .addColumn('error_json', 'text')
    .addColumn('ended_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('answers_key', ['comparison_id', 'place', 'sample'])
    .execute()
  await db.schema
    .createIndex('answers_model')
    .on('answers')
    .columns(['provider_id', 'model', 'few_shot', 'comparison_id'])
    .execute()
}

/** One vote for each sample: a second one is refused by its key. */
async function votes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('votes')
    .addColumn('comparison_id', 'text', (c) => c.notNull().references('comparisons.id').onDelete('cascade'))
    .addColumn('sample', 'integer', (c) => c.notNull())
    .addColumn('winner', 'integer')
    .addColumn('blind', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('votes_key', ['comparison_id', 'sample'])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await comparisons(db)
  await answers(db)
  await votes(db)
}
