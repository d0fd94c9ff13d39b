import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { backUp, backupsOf, requireSpace } from './backup.ts'
import { hasTable, isEmpty } from './form.ts'
import { resume } from './resume.ts'
import { migrationFailed, writtenByNewer } from './words.ts'

type Migrations = Record<string, Migration>

/** Names of the migrations that a database has, oldest first. */
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

/** References are not enforced while a table is rebuilt, so they are looked at before the commit. */
const checked = ({ up }: Migration): Migration => ({
  up: async (db) => {
    await up(db)
    const { rows } = await sql`pragma foreign_key_check`.execute(db)
    if (rows.length > 0) throw new Error(`${rows.length} rows refer to rows that are missing`)
  },
})

/** One transaction with its record: a stop at any moment leaves the database before it or after it. */
async function migrateOne(db: Kysely<unknown>, file: string, name: string, known: Migrations): Promise<void> {
  const earlier = Object.keys(known)
    .sort()
    .filter((other) => other < name)
    .map((other) => known[other] as Migration)
  const rest = await resume(db, earlier, known[name] as Migration)
  const migrations = { ...known, [name]: checked(rest) }
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateTo(name)
  if (error) throw migrationFailed(file, { name, isFormKnown: rest.isFormKnown }, error, backupsOf(file))
}

/**
 * Brings a database to the newest migration, after a backup when it holds anything.
 * @param free bytes that may still be written beside the database
 * @throws DatabaseError; the database then stands between two migrations, never within one
 */
export async function migrate(
  db: Kysely<unknown>,
  file: string,
  known: Migrations,
  free: number,
): Promise<void> {
  const done = new Set(await migrationsIn(db))
  const pending = Object.keys(known)
    .sort()
    .filter((name) => !done.has(name))
  const [next] = pending
  if (!next) return
  if (!(await isEmpty(db))) {
    requireSpace(file, free)
    await backUp(db, file, next)
  }
  // SQLite changes this outside of transactions only. The handle is closed when a migration fails.
  await sql`pragma foreign_keys = off`.execute(db)
  for (const name of pending) await migrateOne(db, file, name, known)
  await sql`pragma foreign_keys = on`.execute(db)
}
