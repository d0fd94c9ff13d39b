import type { Kysely } from 'kysely'

/** What trains a job, what it has told of itself, and how far its reports have been stored; until now there was one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('trainer', 'text', (c) => c.notNull().defaultTo('onnx'))
    .execute()
  await db.schema.alterTable('jobs').addColumn('run_json', 'text').execute()
  await db.schema
    .alterTable('jobs')
    .addColumn('reports_seen', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}
