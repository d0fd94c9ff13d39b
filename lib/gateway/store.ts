import 'server-only'
import { type Insertable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'
import { countCall } from '#lib/models/alias-store.ts'

export type CallRecord = Insertable<StudioTables['door_calls']>

export async function insertCalls(calls: readonly CallRecord[], db: Db): Promise<void> {
  if (calls.length === 0) return
  await db.insertInto('door_calls').values(calls).execute()
  for (const { alias, at } of calls) if (alias) await countCall(alias, at, db)
}

/** Calls that are deleted per statement: short enough for waiting requests. */
const AT_ONCE = 5_000

/**
 * Deletes some of the calls that are older than `before`, or beyond the newest `most`; the counts of their aliases
 * stay.
 * @returns whether there may be more of them
 */
export async function deleteOldCalls(before: number, most: number): Promise<boolean> {
  const beyond = sql<number>`coalesce((select rowid from door_calls order by rowid desc limit 1 offset ${most}), 0)`
  const old = studio()
    .selectFrom('door_calls')
    .select('id')
    .where((eb) => eb.or([eb('at', '<', before), eb(sql<number>`rowid`, '<=', beyond)]))
    .limit(AT_ONCE)
  const { numDeletedRows } = await studio().deleteFrom('door_calls').where('id', 'in', old).executeTakeFirst()
  return numDeletedRows === BigInt(AT_ONCE)
}
