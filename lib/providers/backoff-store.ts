import 'server-only'
import type { Selectable } from 'kysely'
import { onChanges } from '#lib/db/changes.ts'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type BackoffRecord = Selectable<StudioTables['provider_holds']>

const readBackoff = (providerId: string, account: string): Promise<BackoffRecord | undefined> =>
  studio()
    .selectFrom('provider_holds')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('account', '=', account)
    .executeTakeFirst()

/** The last record read of each account, valid until a change: every poll of a job asks. */
const known = new Map<string, { seen: number; record: BackoffRecord | undefined }>()

/** Counts changes of backoffs, so that older reads are repeated. */
let changes = 0
onChanges(['provider_holds'], () => changes++)

export async function backoffRecord(providerId: string, account: string): Promise<BackoffRecord | undefined> {
  const seen = changes
  const last = known.get(account)
  if (last?.seen === seen) return last.record
  const record = await readBackoff(providerId, account)
  known.set(account, { seen, record })
  return record
}

/** One backoff per provider: that of an earlier key or address no longer matters. */
export async function keepBackoff(backoff: BackoffRecord): Promise<void> {
  await studio()
    .transaction()
    .execute(async (db) => {
      await db.deleteFrom('provider_holds').where('provider_id', '=', backoff.provider_id).execute()
      await db.insertInto('provider_holds').values(backoff).execute()
    })
}

/** Also deletes its daily limits: only a new request can tell whether they still hold. */
export async function dropBackoff(providerId: string): Promise<void> {
  await studio().deleteFrom('provider_holds').where('provider_id', '=', providerId).execute()
  await studio().deleteFrom('daily_limits').where('provider_id', '=', providerId).execute()
}

export type DailyLimitRecord = Selectable<StudioTables['daily_limits']>

export const dailyLimit = (
  providerId: string,
  account: string,
  model: string,
): Promise<DailyLimitRecord | undefined> =>
  studio()
    .selectFrom('daily_limits')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('account', '=', account)
    .where('model', '=', model)
    .executeTakeFirst()

export async function keepDailyLimit(limit: DailyLimitRecord): Promise<void> {
  await studio().replaceInto('daily_limits').values(limit).execute()
}
