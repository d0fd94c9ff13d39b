import type { Kysely } from 'kysely'

/** What a job trains for: answers, or preference between answers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('objective', 'text', (c) => c.notNull().defaultTo('supervised'))
    .execute()
  await db.schema.alterTable('jobs').addColumn('beta', 'double precision').execute()
}
