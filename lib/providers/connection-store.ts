import 'server-only'
import { type Selectable, sql } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type ConnectionRecord = Selectable<StudioTables['connections']>

/** Providers added in the studio and not removed, the oldest first. */
export const connectionRecords = (): Promise<ConnectionRecord[]> =>
  studio()
    .selectFrom('connections')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()

export async function keepConnection(record: ConnectionRecord): Promise<void> {
  await studio().insertInto('connections').values(record).execute()
}

/** @returns whether there was one */
async function change(id: string, to: Partial<ConnectionRecord>): Promise<boolean> {
  const { numUpdatedRows } = await studio()
    .updateTable('connections')
    .set(to)
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0
}

export const nameConnection = (id: string, name: string): Promise<boolean> => change(id, { name })

/** Forgets the key; name and address stay, for the jobs that it has. */
export const endConnection = (id: string): Promise<boolean> =>
  change(id, { removed_at: Date.now(), sealed: null, sealed_by: null, key_end: null })

/** @param name null: the model has no deployment. @returns whether there is such a provider */
export async function changeDeployment(id: string, model: string, name: string | null): Promise<boolean> {
  // Merging null into an object takes the member away (RFC 7396).
  const patch = JSON.stringify({ [model]: name })
  const { numUpdatedRows } = await studio()
    .updateTable('connections')
    .set({ deployments_json: sql`json_patch(deployments_json, ${patch})` })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0
}
