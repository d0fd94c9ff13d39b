import 'server-only'
import { type Insertable, type Selectable, sql } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type KeyRecord = Selectable<StudioTables['caller_keys']>
export type NewKeyRecord = Insertable<StudioTables['caller_keys']>

/** Newest first. */
export const keyRecords = (): Promise<KeyRecord[]> =>
  studio().selectFrom('caller_keys').selectAll().orderBy('created_at', 'desc').orderBy('id').execute()

/** Ids and hashes of the keys that are not revoked. */
export const liveHashes = (): Promise<Pick<KeyRecord, 'id' | 'hash'>[]> =>
  studio().selectFrom('caller_keys').select(['id', 'hash']).where('revoked_at', 'is', null).execute()

export async function insertKey(key: NewKeyRecord): Promise<void> {
  await studio().insertInto('caller_keys').values(key).execute()
}

/** @returns whether a live key was there */
export async function markRevoked(id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await studio()
    .updateTable('caller_keys')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Adds to the use of a key; the key of the first start gets its row at its first use. */
export async function addUse(key: NewKeyRecord, calls: number, at: number, db: Db): Promise<void> {
  await db
    .insertInto('caller_keys')
    .values({ ...key, calls, last_used_at: at })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ calls: sql`caller_keys.calls + ${calls}`, last_used_at: at }),
    )
    .execute()
}

export async function countUse(id: string, calls: number, at: number, db: Db): Promise<void> {
  await db
    .updateTable('caller_keys')
    .set({ calls: sql`calls + ${calls}`, last_used_at: at })
    .where('id', '=', id)
    .execute()
}
