import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { publish } from '#lib/core/durable-file.ts'
import { DatabaseError } from './words.ts'

/** Backups kept per database; each is as large as the database. */
const KEPT = 3

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)
const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

/**
 * Requires twice the size of the database: for the backup, and for a migration that rewrites every row.
 * @param free bytes available
 * @throws DatabaseError when there is too little space
 */
export function requireSpace(file: string, free: number): void {
  const needed = 2 * (sizeOf(file) + sizeOf(`${file}-wal`))
  if (free >= needed) return
  throw new DatabaseError(
    `Updating the database ${file} needs ${inMegabytes(needed)} of free space, and ${inMegabytes(free)} are free. Nothing was changed. Free some space on that disk and start again.`,
  )
}

function verify(backup: string): void {
  const database = new DatabaseSync(backup, { readOnly: true })
  try {
    const [first] = database.prepare('pragma integrity_check').all()
    if (first?.integrity_check !== 'ok') throw new Error(String(first?.integrity_check))
  } finally {
    database.close()
  }
}

/** The backups of a database, newest first. */
export function backupsOf(file: string): string[] {
  const [folder, prefix] = [path.dirname(file), `${path.basename(file)}.before-`]
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !name.endsWith('.tmp'))
    .map((name) => ({ backup: path.join(folder, name), at: statSync(path.join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .map(({ backup }) => backup)
}

/**
 * Writes a verified copy beside the database, named after the next migration: a migration that fails repeatedly makes one
 * backup, not many. Keeps only the newest few.
 */
export async function backUp(db: Kysely<unknown>, file: string, migration: string): Promise<void> {
  const backup = `${file}.before-${migration}`
  const unfinished = `${backup}.tmp`
  rmSync(unfinished, { force: true })
  try {
    await sql`vacuum into ${unfinished}`.execute(db)
    verify(unfinished)
    publish(unfinished, backup)
  } catch (thrown) {
    rmSync(unfinished, { force: true })
    throw thrown
  }
  for (const old of backupsOf(file).slice(KEPT)) rmSync(old)
}
