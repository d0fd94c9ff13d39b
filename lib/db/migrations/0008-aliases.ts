import type { Kysely } from 'kysely'

/** Names that programs ask for, and where each has pointed. The history of a name outlives it. */
async function aliases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('aliases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('alias_history')
    .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('alias', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('who', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('from_provider_id', 'text')
    .addColumn('from_model', 'text')
    .addColumn('to_provider_id', 'text')
    .addColumn('to_model', 'text')
    .execute()
  await db.schema
    .createIndex('alias_history_newest')
    .on('alias_history')
    .columns(['alias', 'seq desc'])
    .execute()
}

/** Keys of programs; of each only a hash is kept. */
async function callerKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('caller_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('prefix', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('calls', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('revoked_at', 'bigint')
    .execute()
}

/** What programs asked through the door, one row an answer. */
async function doorCalls(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('door_calls')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('alias', 'text')
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('reported_model', 'text')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('finish_reason', 'text')
    .addColumn('prompt_tokens', 'integer')
    .addColumn('completion_tokens', 'integer')
    .addColumn('estimated', 'integer', (c) => c.notNull())
    .addColumn('cost', 'bigint')
    .addColumn('first_token_ms', 'double precision')
    .addColumn('total_ms', 'double precision', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('door_calls_alias').on('door_calls').columns(['alias', 'at']).execute()
  await db.schema
    .createIndex('door_calls_model')
    .on('door_calls')
    .columns(['provider_id', 'model', 'at'])
    .execute()
}

async function deletedModels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deleted_models')
    .addColumn('provider_id', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('deleted_models_key', ['provider_id', 'model'])
    .execute()
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await aliases(db)
  await callerKeys(db)
  await doorCalls(db)
  await deletedModels(db)
}
