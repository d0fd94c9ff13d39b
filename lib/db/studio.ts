import 'server-only'
import type { Kysely } from 'kysely'
import type { StudioTables } from './tables.ts'

const KEY = Symbol.for('limerick.db')
const shelf = globalThis as unknown as Record<symbol, Kysely<StudioTables> | undefined>

/**
 * The one handle of this process. The follower and Next's bundles share a process but not modules,
 * and two handles on one file stall each other for the whole busy timeout.
 * @throws when nothing has been opened yet
 */
export function studio(): Kysely<StudioTables> {
  const db = shelf[KEY]
  if (!db) throw new Error('The studio database is not open.')
  return db
}

/** Makes `db` the handle that `studio()` returns. Called once, where the process starts (and by tests). */
export function setStudioDatabase(db: Kysely<StudioTables> | undefined): void {
  shelf[KEY] = db
}

/** A transaction or the handle itself: what a store's functions take. */
export type Db = Kysely<StudioTables>

/** One transaction: all of it is on the disk before the answer leaves, or none of it. */
export const inTransaction = <Result>(work: (db: Db) => Promise<Result>): Promise<Result> =>
  studio().transaction().execute(work)
