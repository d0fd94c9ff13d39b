import 'server-only'
import type { Kysely } from 'kysely'
import { processWide } from '#lib/core/process-wide.ts'
import type { StudioTables } from './tables.ts'

const shelf = processWide<{ db?: Kysely<StudioTables> }>('db', () => ({}))

/**
 * The one handle of this process: two handles on one file stall each other for the whole busy timeout.
 * @throws when nothing has been opened yet
 */
export function studio(): Kysely<StudioTables> {
  if (!shelf.db) throw new Error('The studio database is not open.')
  return shelf.db
}

/** Makes `db` the handle that `studio()` returns. Called once, where the process starts (and by tests). */
export function setStudioDatabase(db: Kysely<StudioTables> | undefined): void {
  shelf.db = db
}

/** A transaction or the handle itself: what a store's functions take. */
export type Db = Kysely<StudioTables>

/** One transaction: all of it is on the disk before the answer leaves, or none of it. */
export const inTransaction = <Result>(work: (db: Db) => Promise<Result>): Promise<Result> =>
  studio().transaction().execute(work)
