import type { Kysely } from 'kysely'

/** Which start of the studio wrote it: a clock may be set back between two starts, so times cannot tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['jobs', 'spend'])
    await db.schema.alterTable(table).addColumn('start', 'text').execute()
}
