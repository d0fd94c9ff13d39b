import type { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, type Kysely, sql } from 'kysely'

/** All that migrations create; not the tables of SQLite, of the migrator and of the folder's identity. */
const OURS = `from sqlite_schema where name not like 'sqlite\\_%' escape '\\'
  and name not like 'kysely\\_%' escape '\\' and name <> 'database_identity'`

const FORM = `select type, name, sql ${OURS} order by type, name`

/** The schema of a database: all its `create` statements, as text to compare. */
export async function formOf(db: Kysely<unknown>): Promise<string> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(FORM))
  return JSON.stringify(rows)
}

/** The same, for a handle without Kysely. */
export const formIn = (database: DatabaseSync): string => JSON.stringify(database.prepare(FORM).all())

export async function tablesOf(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await db.executeQuery<{ name: string }>(
    CompiledQuery.raw(`select name ${OURS} and type = 'table'`),
  )
  return rows.map(({ name }) => name)
}

export async function hasTable(db: Kysely<unknown>, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sqlite_schema where name = ${name}`.execute(db)
  return rows.length > 0
}

/** Whether no table has a row. */
export async function isEmpty(db: Kysely<unknown>): Promise<boolean> {
  for (const table of await tablesOf(db)) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)
    if (rows.length > 0) return false
  }
  return true
}
