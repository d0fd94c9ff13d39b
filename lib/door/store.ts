import 'server-only'
import type { Insertable, Kysely } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type CallRecord = Insertable<StudioTables['door_calls']>

export const inTransaction = (work: (db: Kysely<StudioTables>) => Promise<void>): Promise<void> =>
  studio().transaction().execute(work)

export async function insertCalls(calls: readonly CallRecord[], db: Kysely<StudioTables>): Promise<void> {
  if (calls.length > 0) await db.insertInto('door_calls').values(calls).execute()
}
