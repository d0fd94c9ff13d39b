import 'server-only'
import type { Selectable } from 'kysely'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type RescueRecord = Selectable<StudioTables['rescues']>

export const rescueRecords = (): Promise<RescueRecord[]> =>
  studio().selectFrom('rescues').selectAll().orderBy('started_at').execute()

/** Starts a rescue, or takes it up again. */
export async function beginRescue(providerId: string): Promise<void> {
  const begun = { state: 'running', error_json: null, started_at: Date.now(), ended_at: null }
  await studio()
    .insertInto('rescues')
    .values({ provider_id: providerId, ...begun })
    .onConflict((conflict) => conflict.column('provider_id').doUpdateSet(begun))
    .execute()
}

/** Ends a rescue that is running; a stop of the user stays. */
export async function endRescue(
  providerId: string,
  state: 'stopped' | 'failed' | 'done',
  error: unknown = null,
): Promise<void> {
  await studio()
    .updateTable('rescues')
    .set({ state, error_json: error === null ? null : JSON.stringify(error), ended_at: Date.now() })
    .where('provider_id', '=', providerId)
    .where('state', '=', 'running')
    .execute()
}
