import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { backUp, backupsOf, requireSpace } from './backup.ts'
import { hasTable, isEmpty } from './form.ts'
import { type Resumed, resume } from './resume.ts'
import { migrationFailed, writtenByNewer } from './words.ts'

type Migrations = Record<string, Migration>

/** Names of the applied migrations, oldest first. */
export async function migrationsIn(db: Kysely<unknown>): Promise<string[]> {
  if (!(await hasTable(db, 'kysely_migration'))) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

/** @throws DatabaseError when the database has a migration that this program lacks */
export function refuseNewer(file: string, done: string[], known: Migrations): void {
  const unknown = done.filter((name) => !(name in known))
  if (unknown.length > 0) throw writtenByNewer(file, unknown, backupsOf(file))
}

/** Foreign keys are off while a table is rebuilt, so they are checked before the commit. */
const checked = ({ up }: Migration): Migration => ({
  up: async (db) => {
    await up(db)
    const { rows } = await sql`pragma foreign_key_check`.execute(db)
    if (rows.length > 0) throw new Error(`${rows.length} rows refer to rows that are missing`)
  },
})

const namesOf = (known: Migrations): string[] => Object.keys(known).sort()

/** An earlier Limerick may have begun the first pending migration; later ones start from a known schema. */
function resumeFirst(db: Kysely<unknown>, known: Migrations, first: string): Promise<Resumed> {
  const earlier = namesOf(known).filter((name) => name < first)
  return resume(
    db,
    earlier.map((name) => known[name] as Migration),
    known[first] as Migration,
  )
}

/** One transaction with its record: a stop at any moment leaves the database before or after the migration. */
async function migrateTo(db: Kysely<unknown>, known: Migrations, name: string): Promise<void> {
  const migrations = { ...known, [name]: checked(known[name] as Migration) }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateTo(name)
  if (error) throw error
}

/**
 * Migrates a database to the newest migration, after a backup unless it is empty.
 * @param free bytes available beside the database
 * @throws DatabaseError; the database is then between two migrations, never within one
 */
export async function migrate(
  db: Kysely<unknown>,
  file: string,
  known: Migrations,
  free: () => number | Promise<number>,
): Promise<void> {
  const done = new Set(await migrationsIn(db))
  const pending = namesOf(known).filter((name) => !done.has(name))
  const [first] = pending
  if (!first) return
  if (!(await isEmpty(db))) {
    requireSpace(file, await free())
    await backUp(db, file, first)
  }
  const { isFormKnown, ...rest } = await resumeFirst(db, known, first)
  // SQLite changes this only outside transactions. If a migration fails, the caller closes the handle.
  await sql`pragma foreign_keys = off`.execute(db)
  for (const name of pending) {
    await migrateTo(db, { ...known, [first]: rest }, name).catch((thrown) => {
      throw migrationFailed(file, { name, isFormKnown }, thrown, backupsOf(file))
    })
  }
  await sql`pragma foreign_keys = on`.execute(db)
}
