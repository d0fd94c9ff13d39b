import { type Kysely, sql } from 'kysely'

/**
 * The first shipped sample had forty varied limericks. It is the second one now, for larger models, so that the new
 * first sample can be made beside it. A name that the user gave stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update datasets set name = 'elle-for-larger-models' where sample = 'elle' and name = 'elle'`.execute(
    db,
  )
  await sql`update datasets set sample = 'elle-varied' where sample = 'elle'`.execute(db)
}
