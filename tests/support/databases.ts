import { existsSync, promises as fs, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'

/** Both databases of the product. */
export const DATABASES = {
  studio: path.resolve('lib/db/migrations'),
  engine: path.resolve('lib/engine/migrations'),
}
export type DatabaseName = keyof typeof DATABASES

/** Names of the migrations, oldest first. */
export const migrationsOf = (name: DatabaseName): string[] =>
  readdirSync(DATABASES[name])
    .map((file) => path.basename(file, '.ts'))
    .sort()

/**
 * Migrates like early versions, without transactions: Kysely's dialect commits each statement.
 * @param before called before each statement; an exception stops the migration there
 */
export async function migrateTheOldWay(
  file: string,
  name: DatabaseName,
  to: string,
  before: (text: string) => void = () => {},
): Promise<void> {
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; pragma foreign_keys = on')
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({
      database: {
        prepare(text) {
          before(text)
          const statement = database.prepare(text)
          return {
            reader: statement.columns().length > 0,
            all: (values) => statement.all(...(values as never[])),
            run: (values) => statement.run(...(values as never[])),
            iterate: (values) => statement.iterate(...(values as never[])),
          }
        },
        close: () => database.close(),
      },
    }),
  })
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: DATABASES[name] })
  const { error } = await new Migrator({ db, provider }).migrateTo(to)
  await db.destroy()
  if (error) throw error
}

/** A row in every table, and more in tables that a later migration reads. */
export function fill(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('pragma foreign_keys = off')
  for (const table of tablesIn(database)) fillTable(database, table)
  const [broken] = database.prepare('pragma foreign_key_check').all()
  if (broken) throw new Error(`the rows of the test do not fit together: ${JSON.stringify(broken)}`)
  database.close()
}

const ROWS = 3

/** Values shared by several tables, so that references are valid; other values are numbered. */
const SPECIAL: Record<string, (row: number) => string | number | null> = {
  status: () => 'running',
  type: () => 'metrics',
  message: (row) => `Step ${row + 1}/9: training loss=0.5`,
  data_json: (row) => JSON.stringify({ step: row + 1, train_loss: 0.5 + row, valid_loss: 0.25 + row }),
  result_json: (row) => JSON.stringify([{ step: row + 4, trainLoss: 0.125, validLoss: 0.0625 }]),
  deleted_at: (row) => (row === 2 ? 5 : null),
  best_valid: () => null,
}

function fillTable(database: DatabaseSync, table: string): void {
  const columns = database.prepare(`pragma table_info("${table}")`).all() as { name: string; type: string }[]
  const marks = columns.map(() => '?').join(', ')
  const insert = database.prepare(`insert into "${table}" values (${marks})`)
  for (let row = 0; row < ROWS; row++)
    insert.run(
      ...columns.map(({ name, type }) => {
        if (SPECIAL[name]) return SPECIAL[name](row)
        if (/^id$|_id$/.test(name)) return `id${row}`
        return type.toLowerCase() === 'text' ? `${name}${row}` : row + 1
      }),
    )
}

export const tablesIn = (database: DatabaseSync): string[] =>
  (
    database
      .prepare(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'
         and name not like 'kysely\\_%' escape '\\' and name <> 'database_identity' order by name`,
      )
      .all() as { name: string }[]
  ).map(({ name }) => name)

export interface Content {
  integrity: unknown
  broken: unknown[]
  /** `create` statements of everything except SQLite's own tables. */
  form: unknown[]
  migrations: unknown[]
  /** Rows of each table with user data. */
  rows: Record<string, unknown[]>
}

/** The content of a database, read with a separate handle. */
export function contentOf(file: string): Content {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return {
      integrity: database.prepare('pragma integrity_check').all()[0]?.integrity_check,
      broken: database.prepare('pragma foreign_key_check').all(),
      form: database
        .prepare(
          `select type, name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\' order by name`,
        )
        .all()
        .map((row) => ({ ...row })),
      migrations: database
        .prepare('select name from kysely_migration order by name')
        .all()
        .map(({ name }) => name),
      rows: Object.fromEntries(
        tablesIn(database).map((table) => [
          table,
          database
            .prepare(`select * from "${table}" order by 1, rowid`)
            .all()
            .map((row) => ({ ...row })),
        ]),
      ),
    }
  } finally {
    database.close()
  }
}

/** A folder for short-lived databases, in memory where the system has such a folder. */
export const scratch = (): string =>
  mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'limerick-databases-'))
