import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('jobs').addColumn('result_json', 'text').execute()
  // What the follower asks ten times a second: which runs are under way, and which wait for an answer.
  await db.schema.createIndex('jobs_unfinished').on('jobs').column('finished_at').execute()
  await db.schema.createIndex('jobs_launch').on('jobs').column('launch').execute()
}
