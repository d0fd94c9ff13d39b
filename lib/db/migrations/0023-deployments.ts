import type { Kysely } from 'kysely'

/** At some providers a model answers under the name of its deployment. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('connections')
    .addColumn('deployments_json', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
}
