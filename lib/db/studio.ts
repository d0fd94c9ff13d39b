import 'server-only'
import type { Kysely } from 'kysely'
import { processWide } from '#lib/core/process-wide.ts'
import type { StudioTables } from './tables.ts'

const current = processWide<{ db?: Kysely<StudioTables> }>('db', () => ({}))

/**
 * The only handle of this process: two handles on one file block each other for the whole busy timeout.
 * @throws when the database is not open yet
 */
export function studio(): Kysely<StudioTables> {
  if (!current.db) throw new Error('The studio database is not open.')
  return current.db
}

/** Sets the handle that `studio()` returns. Called once at startup, and by tests. */
export function setStudioDatabase(db: Kysely<StudioTables> | undefined): void {
  current.db = db
}

/** A transaction or the handle: the parameter of a store's functions. */
export type Db = Kysely<StudioTables>

/** Runs `work` in one transaction, which is on disk when the promise resolves. */
export const inTransaction = <Result>(work: (db: Db) => Promise<Result>): Promise<Result> =>
  studio().transaction().execute(work)
