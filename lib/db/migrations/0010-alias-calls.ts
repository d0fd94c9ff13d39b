import { type Kysely, sql } from 'kysely'

/** How often each alias was asked, which outlives the log of its calls. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alias_calls')
    .addColumn('alias', 'text', (c) => c.primaryKey())
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addColumn('last_at', 'bigint', (c) => c.notNull())
    .execute()
  await sql`insert into alias_calls (alias, calls, last_at)
    select alias, count(*), max(at) from door_calls where alias is not null group by alias`.execute(db)
}
