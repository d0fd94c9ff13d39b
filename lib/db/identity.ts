/**
 * A database and its folder carry the same id, the folder's in a file beside the database: a database that was lost or
 * came from elsewhere must not pass for the one that knows the files of this folder.
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

/** What only this database can explain: its log, its id, folders whose files its rows name. */
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
 * Opening makes an empty database where there is none, and SQLite then deletes the log of the lost one.
 * @param contents folders beside the database whose files its rows name
 * @throws DatabaseError when there is no database, but traces of one
 */
export function refuseMissing(file: string, contents: readonly string[]): void {
  if (existsSync(file)) return
  const wal = `${file}-wal`
  const found = [...traces(file, contents), ...(existsSync(wal) ? [path.basename(wal)] : [])]
  if (found.length > 0) throw lost(file, found)
}

/**
 * @param contents folders beside the database whose files its rows name
 * @throws DatabaseError when the database is empty or has another id, and the folder is another one's
 */
export async function refuseStranger(
  db: Kysely<unknown>,
  file: string,
  contents: readonly string[],
): Promise<void> {
  const [ours, folders] = [await idOfDatabase(db), idOfFolder(file)]
  if (ours === null) {
    // One without an id that holds rows is from before there were ids, perhaps put back from a backup.
    const found = traces(file, contents)
    if (found.length > 0 && (await isEmpty(db))) throw lost(file, found)
  } else if (folders !== null && ours !== folders) {
    throw new DatabaseError(
      `The database ${file} belongs to another data folder: its id is ${ours}, and ${idFile(file)} says ${folders}. Nothing was changed. Put back the database of this folder, or move ${path.dirname(file)} away to begin with an empty one.`,
    )
  }
}

/** Gives both the same id where one lacks it. The database comes first: a folder with an id has had a database. */
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
