import 'server-only'
import type { Insertable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type CallRecord = Insertable<StudioTables['door_calls']>

export async function insertCalls(calls: readonly CallRecord[]): Promise<void> {
  if (calls.length > 0) await studio().insertInto('door_calls').values(calls).execute()
}
