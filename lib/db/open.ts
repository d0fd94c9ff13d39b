import { promises as fs } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { FileMigrationProvider } from 'kysely/migration'
import { naturalKey } from '#lib/core/natural-key.ts'
import { freeSpace } from '#lib/disk/space.ts'
import { backupsOf } from './backup.ts'
import { type Around, NodeSqliteDialect } from './dialect.ts'
import { identify, refuseMissing, refuseStranger } from './identity.ts'
import { migrate, migrationsIn, refuseNewer } from './migrate.ts'
import { inWords } from './words.ts'

/** How long a statement waits for another connection's lock before "database is locked", in ms. */
const BUSY_TIMEOUT = 5_000

/** How long closing waits for another connection before it skips the checkpoint, in ms. */
const STOP_TIMEOUT = 200

interface Options {
  /** Folders beside the database whose files its rows refer to. */
  contents?: readonly string[]
  /** Bytes available in a folder. */
  free?: (folder: string) => number | Promise<number>
  around?: Around
}

const handles = new WeakMap<object, DatabaseSync>()

async function prepare(
  db: Kysely<unknown>,
  file: string,
  migrations: string,
  { contents = [], free = freeSpace }: Options,
): Promise<void> {
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: migrations })
  const known = await provider.getMigrations()
  refuseNewer(file, await migrationsIn(db), known)
  await refuseStranger(db, file, contents)
  // WAL: readers never wait for a writer. FULL: a statement that has returned is on disk.
  for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on'])
    await sql.raw(`pragma ${pragma}`).execute(db)
  await migrate(db, file, known, () => free(path.dirname(file)))
  await identify(db, file)
}

/**
 * Opens (or creates) a SQLite file and migrates it to the newest migration.
 * @param file path of the database
 * @param migrations folder of `NNNN-name.ts` files
 * @throws DatabaseError, in words for the user, when the file cannot be used; it stays unchanged
 */
export async function openDatabase<Tables>(
  file: string,
  migrations: string,
  options: Options = {},
): Promise<Kysely<Tables>> {
  refuseMissing(file, options.contents ?? [])
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT })
    // SQLite has no natural order of its own. In no index and no column: other programs read the file without it.
    database.function('natural_key', { deterministic: true }, (text) => naturalKey(String(text)))
    const db = new Kysely<unknown>({ dialect: new NodeSqliteDialect(database, options.around) })
    await prepare(db, file, migrations, options)
    handles.set(db, database)
    return db as unknown as Kysely<Tables>
  } catch (thrown) {
    if (database?.isOpen) database.close()
    throw inWords(thrown, file, backupsOf(file))
  }
}

/**
 * Checkpoints the write-ahead log and closes the database: the `.db` file alone is then complete, as a user who copies it
 * expects. Synchronous, so that it works while the process exits. Idempotent.
 */
export function closeDatabase<Tables>(db: Kysely<Tables>): void {
  const database = handles.get(db)
  if (!database?.isOpen) return
  try {
    if (database.isTransaction) database.exec('rollback') // its caller has got no result yet
    database.exec(`pragma busy_timeout = ${STOP_TIMEOUT}; pragma wal_checkpoint(truncate)`)
  } catch {
    // No space for the checkpoint: the log stays, and the next start reads it.
  }
  database.close()
}
