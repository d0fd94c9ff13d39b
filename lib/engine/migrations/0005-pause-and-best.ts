import type { Kysely } from 'kysely'

/** Pauses of a job, early stopping, its best checkpoint, and which step its fine-tuned model is from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('jobs').addColumn('paused_at', 'bigint').execute()
  await db.schema
    .alterTable('jobs')
    .addColumn('paused_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('jobs').addColumn('patience', 'integer').execute()
  await db.schema.alterTable('jobs').addColumn('best_step', 'integer').execute()
  await db.schema.alterTable('jobs').addColumn('best_loss', 'double precision').execute()
  await db.schema.alterTable('jobs').addColumn('final_step', 'integer').execute()
}
