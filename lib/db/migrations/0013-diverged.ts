import type { Kysely } from 'kysely'

/** 1 where a provider told a training loss that is no number (NaN, Infinity): such a step is not one without a loss. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('job_points').addColumn('not_a_number', 'integer').execute()
}
