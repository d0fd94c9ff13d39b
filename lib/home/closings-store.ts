import 'server-only'
import { inTransaction, studio } from '#lib/db/studio.ts'

/** Dates that the user has changed. */
export const changedDates = (): Promise<{ what: string; date: string }[]> =>
  studio().selectFrom('shutdown_dates').selectAll().execute()

/** Replaces all of them. */
export const keepDates = (dates: readonly { what: string; date: string }[]): Promise<void> =>
  inTransaction(async (db) => {
    await db.deleteFrom('shutdown_dates').execute()
    if (dates.length > 0) await db.insertInto('shutdown_dates').values(dates).execute()
  })
