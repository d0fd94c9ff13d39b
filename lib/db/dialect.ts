import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import {
  type AbortableOperationOptions,
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import { WrittenTables } from './changes.ts'
import { statementCache } from './statements.ts'

/** Wraps every statement, so that a test can end the process there or fill the disk. */
export type Around = <Result>(run: () => Result, text: string, database: DatabaseSync) => Result

const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]

/** node:sqlite in the shape Kysely's SQLite dialect expects. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const prepare = statementCache(database)
  return {
    prepare(text) {
      const statement = prepare(text)
      return {
        reader: statement.columns().length > 0,
        // node:sqlite rows have no prototype; React does not pass such objects to the browser.
        all: (parameters) => statement.all(...values(parameters)).map((row) => ({ ...row })),
        run: (parameters) => statement.run(...values(parameters)),
        // Not from the cache, which may release a shared statement between two rows.
        iterate: (parameters) => database.prepare(text).iterate(...values(parameters)),
      }
    },
    close: () => {
      if (database.isOpen) database.close()
    },
  }
}

const unwrapped: Around = (run) => run()

const recording = (
  connection: DatabaseConnection,
  around: Around,
  database: DatabaseSync,
  written: WrittenTables,
): DatabaseConnection => ({
  async executeQuery<Row>(query: CompiledQuery, options?: AbortableOperationOptions) {
    const result = await around(() => connection.executeQuery<Row>(query, options), query.sql, database)
    const rows = Number(result.numAffectedRows ?? result.rows.length)
    written.note(query.sql, rows, database.isOpen && database.isTransaction)
    return result
  },
  streamQuery: (query, chunkSize, options) => connection.streamQuery(query, chunkSize, options),
})

class Transactions extends SqliteDriver {
  readonly #database: DatabaseSync
  readonly #around: Around
  readonly #written = new WrittenTables()

  constructor(adapted: SqliteDatabase, database: DatabaseSync, around: Around = unwrapped) {
    super({ database: adapted })
    this.#database = database
    this.#around = around
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return recording(await super.acquireConnection(), this.#around, this.#database, this.#written)
  }

  /** A plain `begin` that reads before it writes can fail at once with SQLITE_BUSY; IMMEDIATE waits for the lock. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** On a full disk SQLite has rolled back already; a second rollback would fail and hide the cause. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection)
  }
}

/** SQLite can roll back `create table`, but Kysely does not declare it; without this the migrator commits each statement. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Kysely's SQLite dialect over node:sqlite, with transactions that wait for locks and migrations in transactions. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #driver: Driver

  constructor(database: DatabaseSync, around?: Around) {
    const adapted = adapt(database)
    super({ database: adapted })
    this.#driver = new Transactions(adapted, database, around)
  }

  override createDriver(): Driver {
    return this.#driver
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalDdl()
  }
}
