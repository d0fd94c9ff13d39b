import type { Kysely } from 'kysely'

/** How much AdamW takes from the weights of a job; until now nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('weight_decay', 'double precision', (c) => c.notNull().defaultTo(0))
    .execute()
}
