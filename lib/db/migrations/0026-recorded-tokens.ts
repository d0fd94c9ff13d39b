import type { Kysely } from 'kysely'

/** A recorded answer has the probabilities of its tokens where its provider tells them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('eval_answers').addColumn('tokens_json', 'text').execute()
}
