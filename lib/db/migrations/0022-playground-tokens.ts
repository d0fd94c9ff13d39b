import type { Kysely } from 'kysely'

/** A vote can be taken back, and an answer has the probabilities of its tokens where its provider tells them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('votes').addColumn('withdrawn_at', 'bigint').execute()
  await db.schema.alterTable('answers').addColumn('tokens_json', 'text').execute()
}
