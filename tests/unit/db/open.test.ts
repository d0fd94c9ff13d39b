import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import type { Around } from '#lib/db/dialect.ts'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import { lockDataFolder } from '#lib/launch/lock.ts'
import {
  contentOf,
  DATABASES,
  fill,
  migrateTheOldWay,
  migrationsOf,
  scratch,
} from '#tests/support/databases.ts'

const root = scratch()
afterAll(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(path.join(root, 'folder-'))

const CONTENTS = ['files', 'jobs']
const open = (file: string, free?: (folder: string) => number): Promise<Kysely<unknown>> =>
  openDatabase(file, DATABASES.engine, { contents: CONTENTS, free, around: impatient })
/** Locks fail at once instead of waiting. */
const impatient: Around = (run, _text, database) => {
  database.exec('pragma busy_timeout = 0')
  return run()
}

/** A folder of the current version: a database with rows, and the files that they refer to. */
async function newEngine(): Promise<string> {
  const file = path.join(newFolder(), 'engine.db')
  closeDatabase(await open(file))
  fill(file)
  for (const name of CONTENTS) {
    mkdirSync(path.join(path.dirname(file), name))
    writeFileSync(path.join(path.dirname(file), name, 'id0'), 'bytes')
  }
  return file
}

async function oldEngine(to: string): Promise<string> {
  const file = path.join(newFolder(), 'engine.db')
  await migrateTheOldWay(file, 'engine', to)
  fill(file)
  return file
}

const NEWEST = migrationsOf('engine').at(-1) ?? ''
const FIRST = migrationsOf('engine')[0] ?? ''

/** All files in a folder, to compare, without SQLite's -wal and -shm. */
const bytesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/-(wal|shm)$/.test(name) && statSync(path.join(folder, name)).isFile())
      .map((name) => [name, readFileSync(path.join(folder, name), 'base64')]),
  )

/** Expects a refusal that leaves every file unchanged. @returns its message */
async function refusal(file: string, free?: (folder: string) => number): Promise<string> {
  const before = bytesIn(path.dirname(file))
  const thrown = await open(file, free).then(
    () => expect.fail('was not refused'),
    (error: Error) => error,
  )
  expect(bytesIn(path.dirname(file))).toEqual(before)
  return thrown.message
}

describe('a clean stop', () => {
  test('leaves everything in the .db file', async () => {
    const file = await newEngine()
    const db = await open(file)
    await sql`update files set filename = 'the last change'`.execute(db)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
    closeDatabase(db)
    closeDatabase(db)
    expect(existsSync(`${file}-wal`)).toBe(false)
    const copy = path.join(newFolder(), 'copy.db')
    copyFileSync(file, copy)
    expect(contentOf(copy).rows.files).toMatchObject(Array(3).fill({ filename: 'the last change' }))
  })

  test('empties the log while another connection is open', async () => {
    const file = await newEngine()
    const other = new DatabaseSync(file)
    other.prepare('select * from files').all()
    const db = await open(file)
    await sql`update files set filename = 'the last change'`.execute(db)
    closeDatabase(db)
    expect(statSync(`${file}-wal`).size).toBe(0)
    other.close()
  })
})

describe('a stop', () => {
  test('in the middle of a transaction keeps only what was committed', async () => {
    const file = await newEngine()
    const db = await open(file)
    await sql`update files set filename = 'committed'`.execute(db)
    await sql`begin`.execute(db)
    await sql`update files set filename = 'not committed'`.execute(db)
    closeDatabase(db)
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(contentOf(file).rows.files).toMatchObject(Array(3).fill({ filename: 'committed' }))
  })
})

describe('before an update', () => {
  test('a backup of the old database is created', async () => {
    const file = await oldEngine(FIRST)
    const before = contentOf(file)
    closeDatabase(await open(file))
    const backup = `${file}.before-${migrationsOf('engine')[1]}`
    expect(contentOf(backup)).toEqual(before)
    expect(contentOf(file).migrations).toEqual(migrationsOf('engine'))
  })

  test('only the newest three backups are kept', async () => {
    const file = await oldEngine(FIRST)
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(`${file}.before-${name}`, '')
    closeDatabase(await open(file))
    const backups = readdirSync(path.dirname(file)).filter((name) => name.includes('.before-'))
    expect(backups).toHaveLength(3)
    expect(backups).toContain(`engine.db.before-${migrationsOf('engine')[1]}`)
  })

  test('no backup of a new database, or without pending migrations', async () => {
    const file = await newEngine()
    closeDatabase(await open(file))
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('.before-'))).toEqual([])
  })

  test('too little free space is refused', async () => {
    const file = await oldEngine(FIRST)
    const needed = 2 * statSync(file).size
    expect(await refusal(file, () => needed - 1)).toMatch(
      /needs 1 MB of free space, and 1 MB are free\. Nothing was changed\. Free some space/,
    )
    expect(contentOf(file).migrations).toEqual([FIRST])
    closeDatabase(await open(file, () => needed))
    expect(contentOf(file).migrations).toEqual(migrationsOf('engine'))
  })
})

describe('a database that does not belong to its folder is refused', () => {
  test('missing', async () => {
    const file = await newEngine()
    rmSync(file)
    expect(await refusal(file)).toMatch(
      /engine\.db is missing or empty, but engine\.db\.id, files, jobs in .* Put the earlier database back .* or move .* away/,
    )
    expect(existsSync(file)).toBe(false)
  })

  test('missing, with only its log left', async () => {
    const file = path.join(newFolder(), 'engine.db')
    writeFileSync(`${file}-wal`, 'a log')
    await expect(open(file)).rejects.toThrow('engine.db-wal')
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('a log')
  })

  test('of an earlier version, without its log', async () => {
    const file = await newEngine()
    rmSync(`${file}.id`)
    rmSync(file)
    const other = new DatabaseSync(file)
    other.exec('pragma journal_mode = wal')
    other.close()
    expect(await refusal(file)).toMatch(/is missing or empty, but files, jobs in/)
  })

  test('of an earlier version, without rows, beside files', async () => {
    const file = path.join(newFolder(), 'engine.db')
    await migrateTheOldWay(file, 'engine', NEWEST)
    mkdirSync(path.join(path.dirname(file), 'jobs', 'ftjob-1'), { recursive: true })
    expect(await refusal(file)).toMatch(/is missing or empty, but jobs in/)
  })

  test('of another folder', async () => {
    const [file, other] = [await newEngine(), await newEngine()]
    copyFileSync(other, file)
    expect(await refusal(file)).toMatch(/belongs to another data folder: its id is .* Put back the database/)
  })

  test('but not a backup of the same folder, or a database older than ids', async () => {
    const file = await newEngine()
    const id = readFileSync(`${file}.id`, 'utf8')
    const backup = path.join(newFolder(), 'backup.db')
    copyFileSync(file, backup)
    fillMore(file)
    copyFileSync(backup, file)
    closeDatabase(await open(file))
    copyFileSync(await oldEngine(FIRST), file)
    closeDatabase(await open(file))
    expect(readFileSync(`${file}.id`, 'utf8')).toBe(id)
  })

  test('and an older folder without an id gets one', async () => {
    const file = await oldEngine(NEWEST)
    mkdirSync(path.join(path.dirname(file), 'jobs', 'ftjob-1'), { recursive: true })
    closeDatabase(await open(file))
    expect(readFileSync(`${file}.id`, 'utf8')).toMatch(/^[0-9a-f-]{36}\n$/)
    rmSync(`${file}.id`)
    closeDatabase(await open(file))
    expect(existsSync(`${file}.id`)).toBe(true)
  })
})

const fillMore = (file: string): void => {
  const database = new DatabaseSync(file)
  database.exec(`update files set filename = 'newer'`)
  database.close()
}

describe('error message for', () => {
  test('a database of a newer version', async () => {
    const file = await newEngine()
    const database = new DatabaseSync(file)
    database.exec(`insert into kysely_migration values ('0009-of-tomorrow', '2027-01-01T00:00:00.000Z')`)
    database.close()
    expect(await refusal(file)).toMatch(
      /was written by a newer Limerick \(it has 0009-of-tomorrow\)\. Nothing was changed\. Start the newer Limerick/,
    )
  })

  test('a file that is not a database', async () => {
    const file = await newEngine()
    writeFileSync(file, 'this is not a database, however long one looks at it '.repeat(100))
    expect(await refusal(file)).toMatch(
      /is damaged\. Nothing was changed\. Move it away, put a backup in its place/,
    )
  })

  test('a missing folder', async () => {
    await expect(open(path.join(newFolder(), 'nowhere', 'engine.db'))).rejects.toThrow(
      /could not be opened \(unable to open database file\)/,
    )
  })

  test('a database locked by another program', async () => {
    const file = await newEngine()
    const other = new DatabaseSync(file)
    other.exec('pragma locking_mode = exclusive; begin exclusive')
    await expect(open(file)).rejects.toThrow('is in use by another program')
    other.close()
  })

  test('a database with an unknown schema', async () => {
    const file = await oldEngine(FIRST)
    const database = new DatabaseSync(file)
    database.exec('create table speeds (base text)')
    database.close()
    await expect(open(file)).rejects.toThrow(
      /0002-speeds failed \(table "speeds" already exists\)\. It stays as it was before that update\. It is not in the form .* The newest backup is/,
    )
    expect(contentOf(file).migrations).toEqual([FIRST])
  })

  test('a held lock, and a damaged lock file', () => {
    const folder = newFolder()
    const lock = lockDataFolder(folder)
    expect(() => lockDataFolder(folder)).toThrow(/is in use by another Limerick/)
    lock.release()
    writeFileSync(path.join(folder, 'lock.db'), 'garbage '.repeat(1_000))
    expect(() => lockDataFolder(folder)).toThrow(/lock\.db is damaged\. It holds no data: delete it/)
    rmSync(path.join(folder, 'lock.db'))
    lockDataFolder(folder).release()
  })
})
