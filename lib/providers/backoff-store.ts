import 'server-only'
import type { Selectable } from 'kysely'
import { onChanges } from '#lib/db/changes.ts'
import { studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type BackoffRecord = Selectable<StudioTables['provider_holds']>

const readHold = (providerId: string, account: string): Promise<BackoffRecord | undefined> =>
  studio()
    .selectFrom('provider_holds')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('account', '=', account)
    .executeTakeFirst()

/** What was read last of each account, good until one is written: every look at a job asks. */
const known = new Map<string, { seen: number; record: BackoffRecord | undefined }>()

/** Grows with every change of a backoff, so that what was read before it is read again. */
let changes = 0
onChanges(['provider_holds'], () => changes++)

export async function backoffRecord(providerId: string, account: string): Promise<BackoffRecord | undefined> {
  const seen = changes
  const last = known.get(account)
  if (last?.seen === seen) return last.record
  const record = await readHold(providerId, account)
  known.set(account, { seen, record })
  return record
}

/** One hold a provider: that of an earlier key or address is of no use any more. */
export async function keepBackoff(hold: BackoffRecord): Promise<void> {
  await studio()
    .transaction()
    .execute(async (db) => {
      await db.deleteFrom('provider_holds').where('provider_id', '=', hold.provider_id).execute()
      await db.insertInto('provider_holds').values(hold).execute()
    })
}

/** Also what is known of its daily limits: asking again is how one learns more. */
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
