import 'server-only'
import type { Selectable, Updateable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type WaitingRecord = Selectable<StudioTables['waiting_launches']>

/** In the order in which they came. */
export const waitingRecords = (): Promise<WaitingRecord[]> =>
  studio().selectFrom('waiting_launches').selectAll().orderBy('created_at').orderBy('id').execute()

export const waitingRecord = (id: string): Promise<WaitingRecord | undefined> =>
  studio().selectFrom('waiting_launches').selectAll().where('id', '=', id).executeTakeFirst()

/** Does nothing when it waits already. */
export async function insertWaiting(record: WaitingRecord): Promise<void> {
  await studio()
    .insertInto('waiting_launches')
    .values(record)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function updateWaiting(
  id: string,
  change: Updateable<StudioTables['waiting_launches']>,
): Promise<void> {
  await studio().updateTable('waiting_launches').set(change).where('id', '=', id).execute()
}

/** @returns whether it was there */
export async function removeWaiting(id: string): Promise<boolean> {
  const { numDeletedRows } = await studio()
    .deleteFrom('waiting_launches')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
