/**
 * A database and its folder have the same id; the folder's is in a file beside the database. A missing or foreign database
 * is detected by it: its rows do not refer to the files of this folder.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Kysely, sql } from 'kysely'
import { publish } from '#lib/core/durable-file.ts'
import { hasTable, isEmpty } from './form.ts'
import { DatabaseError } from './words.ts'

const idFile = (file: string): string => `${file}.id`

function idOfFolder(file: string): string | null {
  return existsSync(idFile(file)) ? readFileSync(idFile(file), 'utf8').trim() || null : null
}

async function idOfDatabase(db: Kysely<unknown>): Promise<string | null> {
  if (!(await hasTable(db, 'database_identity'))) return null
  const { rows } = await sql<{ id: string }>`select id from database_identity`.execute(db)
  return rows[0]?.id ?? null
}

/** Signs of an earlier database: its id file, and folders whose files its rows refer to. */
function traces(file: string, contents: readonly string[]): string[] {
  const folder = path.dirname(file)
  const filled = contents.filter(
    (name) => existsSync(path.join(folder, name)) && readdirSync(path.join(folder, name)).length > 0,
  )
  return [...(idOfFolder(file) ? [path.basename(idFile(file))] : []), ...filled]
}

function lost(file: string, found: string[]): DatabaseError {
  const folder = path.dirname(file)
  return new DatabaseError(
    `The database ${file} is missing or empty, but ${found.join(', ')} in ${folder} belong to an earlier one. Nothing was changed. Put the earlier database back (with its -wal file, if it has one) and start again, or move ${folder} away to begin with an empty one.`,
  )
}

/**
 * Called before opening, which creates an empty database and deletes the log of a missing one.
 * @param contents folders beside the database whose files its rows refer to
 * @throws DatabaseError when there is no database, but traces of one
 */
export function refuseMissing(file: string, contents: readonly string[]): void {
  if (existsSync(file)) return
  const wal = `${file}-wal`
  const found = [...traces(file, contents), ...(existsSync(wal) ? [path.basename(wal)] : [])]
  if (found.length > 0) throw lost(file, found)
}

/**
 * @param contents folders beside the database whose files its rows refer to
 * @throws DatabaseError when the folder belongs to another database: the ids differ, or the database is empty
 */
export async function refuseStranger(
  db: Kysely<unknown>,
  file: string,
  contents: readonly string[],
): Promise<void> {
  const [ours, folders] = [await idOfDatabase(db), idOfFolder(file)]
  if (ours === null) {
    // A database with rows but no id is older than ids, perhaps restored from a backup.
    const found = traces(file, contents)
    if (found.length > 0 && (await isEmpty(db))) throw lost(file, found)
  } else if (folders !== null && ours !== folders) {
    throw new DatabaseError(
      `The database ${file} belongs to another data folder: its id is ${ours}, and ${idFile(file)} says ${folders}. Nothing was changed. Put back the database of this folder, or move ${path.dirname(file)} away to begin with an empty one.`,
    )
  }
}

/** Gives both the same id where one is missing. Writes the database first: an id file implies a database. */
export async function identify(db: Kysely<unknown>, file: string): Promise<void> {
  const [ours, folders] = [await idOfDatabase(db), idOfFolder(file)]
  const id = ours ?? folders ?? randomUUID()
  if (ours === null) {
    await db.transaction().execute(async (trx) => {
      await sql`create table if not exists database_identity (id text not null)`.execute(trx)
      await sql`insert into database_identity (id) values (${id})`.execute(trx)
    })
  }
  if (folders === null) {
    const unfinished = `${idFile(file)}.tmp`
    writeFileSync(unfinished, `${id}\n`, { mode: 0o600 })
    publish(unfinished, idFile(file))
  }
}
