import { type Kysely, sql } from 'kysely'

/** Which start of the studio wrote it: a clock may be set back between two starts, so times cannot tell. */
async function starts(db: Kysely<unknown>): Promise<void> {
  for (const table of ['jobs', 'spend'])
    await db.schema.alterTable(table).addColumn('start', 'text').execute()
}

/** What the follower asks for many times a second: the runs that may still change. */
async function follower(db: Kysely<unknown>): Promise<void> {
  await sql`create index jobs_active on jobs(created_at, id) where finished_at is null`.execute(db)
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await starts(db)
  await follower(db)
}
