/**
 * Early versions committed migrations statement by statement, so a stop in the middle left a database between two schemas.
 * The schema shows how many statements were executed, and the migration continues from there.
 */
import { DatabaseSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  DummyDriver,
  Kysely,
  type KyselyPlugin,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Migration } from 'kysely/migration'
import { NodeSqliteDialect } from './dialect.ts'
import { formIn, formOf, tablesOf } from './form.ts'

/** The schema before the migration and after each of its statements, on an empty database. */
async function formsOf(earlier: Migration[], next: Migration): Promise<string[]> {
  const database = new DatabaseSync(':memory:')
  const memory = new Kysely<unknown>({ dialect: new NodeSqliteDialect(database) })
  for (const migration of earlier) await migration.up(memory)
  const forms = [formIn(database)]
  const record: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      forms.push(formIn(database))
      return result
    },
  }
  await next.up(memory.withPlugin(record))
  await memory.destroy()
  return forms
}

/** The transaction, but its first `count` statements do nothing. */
function withoutFirst(trx: Kysely<unknown>, count: number): Kysely<unknown> {
  let seen = 0
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery) =>
      seen++ < count ? { rows: [] } : trx.executeQuery<Row>(query as CompiledQuery<Row>),
    streamQuery: () => {
      throw new Error('A migration reads all rows of a query at once.')
    },
  }
  class Rest extends DummyDriver {
    override acquireConnection = async () => connection
  }
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new Rest(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<unknown>({ dialect })
}

export interface Resumed extends Migration {
  /** Whether the database has a schema that this migration passes through. */
  isFormKnown: boolean
}

/**
 * The rest of a migration, for a database that may be in the middle of it. If the schema does not show whether a statement
 * about rows was executed, it is executed again: tables created by the migration hold only its copies, so they are emptied
 * first.
 */
export async function resume(db: Kysely<unknown>, earlier: Migration[], next: Migration): Promise<Resumed> {
  const forms = await formsOf(earlier, next)
  const form = await formOf(db)
  const done = forms.indexOf(form)
  if (done <= 0) return { up: next.up, isFormKnown: done === 0 }
  const before = new Set((JSON.parse(forms[0] ?? '[]') as { name: string }[]).map(({ name }) => name))
  const isUnsure = forms[done + 1] === form
  const created = isUnsure ? (await tablesOf(db)).filter((table) => !before.has(table)) : []
  return {
    isFormKnown: true,
    up: async (trx) => {
      for (const table of created) {
        await sql`delete from ${sql.table(table)}`.execute(trx)
        await sql`delete from sqlite_sequence where name = ${table}`.execute(trx)
      }
      await next.up(withoutFirst(trx, done))
    },
  }
}
