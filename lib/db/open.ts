import { promises as fs } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'

/** How long a statement waits for another connection's lock before "database is locked", in ms. */
const BUSY_TIMEOUT = 5_000

/** node:sqlite in the shape Kysely's SQLite dialect expects, with prepared statements kept. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, StatementSync>()
  const prepare = (text: string): StatementSync => {
    const known = statements.get(text)
    if (known) return known
    const statement = database.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    prepare(text) {
      const statement = prepare(text)
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        // node:sqlite rows have no prototype, which React refuses to hand to the browser.
        all: (parameters) => statement.all(...values(parameters)).map((row) => ({ ...row })),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
    close: () => database.close(),
  }
}

/** A plain `begin` that reads before it writes can fail at once with SQLITE_BUSY; IMMEDIATE waits its turn. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: SqliteDatabase
  constructor(database: SqliteDatabase) {
    super({ database })
    this.#database = database
  }
  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database })
  }
}

/**
 * Opens (or creates) a SQLite file and brings it to the newest migration.
 * WAL with `synchronous=FULL`: a statement that returned is on the disk.
 * @param file path of the database, or `:memory:`
 * @param migrations folder of `NNNN-name.ts` files
 * @throws when a migration fails or the file was written by a newer version
 */
export async function openDatabase<Tables>(file: string, migrations: string): Promise<Kysely<Tables>> {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT })
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;')
  const db = new Kysely<Tables>({ dialect: new ImmediateDialect(adapt(database)) })
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: migrations })
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) {
    await db.destroy()
    throw new Error(`The database ${file} could not be brought up to date.`, { cause: error })
  }
  return db
}
