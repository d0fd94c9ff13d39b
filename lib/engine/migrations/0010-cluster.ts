import type { Kysely } from 'kysely'

/** Where a job trains, and on how many devices; until now it was this computer, and those that were idle. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('launcher', 'text', (c) => c.notNull().defaultTo('local'))
    .execute()
  await db.schema.alterTable('jobs').addColumn('devices', 'integer').execute()
  await db.schema.alterTable('jobs').addColumn('cluster_json', 'text').execute()
}
