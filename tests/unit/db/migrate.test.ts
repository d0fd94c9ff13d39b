import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Around } from '#lib/db/dialect.ts'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import {
  type Content,
  contentOf,
  DATABASES,
  type DatabaseName,
  fill,
  migrateTheOldWay,
  migrationsOf,
  scratch,
} from '#tests/support/databases.ts'

const LONG = Boolean(process.env.LIMERICK_LONG)
/** The short form takes some of the statements; the files after a kill are checked for all of them. */
const stride = (count: number, wanted: number): number => (LONG ? 1 : Math.ceil(count / wanted))
/** The long form takes minutes. */
const options = { timeout: LONG ? 1_200_000 : 60_000 }

const root = scratch()
afterAll(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(path.join(root, 'folder-'))

const open = async (file: string, name: DatabaseName, around?: Around) =>
  closeDatabase(await openDatabase(file, DATABASES[name], { around }))

/** Start of a migration: `empty`: no database; `first`: rows in every table of the first migration. */
const STARTS = ['empty', 'first'] as const
const CASES = (['studio', 'engine'] as const).flatMap((name) => STARTS.map((start) => ({ name, start })))
type Case = (typeof CASES)[number]

async function prepare({ name, start }: Case): Promise<string> {
  const file = path.join(newFolder(), 'x.db')
  const [first] = migrationsOf(name)
  if (start === 'empty' || !first) return file
  await migrateTheOldWay(file, name, first)
  fill(file)
  return file
}

/** The same database, migrated without interruption. */
const references = new Map<string, Content>()
const referenceOf = ({ name, start }: Case): Content =>
  references.get(`${name} ${start}`) ?? expect.fail('no reference')
const originals = new Map<string, Content>()
const counts = new Map<string, number>()

beforeAll(async () => {
  for (const each of CASES) {
    const key = `${each.name} ${each.start}`
    const file = await prepare(each)
    if (each.start === 'first') originals.set(key, contentOf(file))
    let count = 0
    await open(file, each.name, (run) => {
      count++
      return run()
    })
    counts.set(key, count)
    references.set(key, contentOf(file))
  }
})

const countOf = ({ name, start }: Case): number => counts.get(`${name} ${start}`) ?? 0

/** Opens the database as a start does, and compares it with the reference. */
async function expectWhole(file: string, each: Case, where: string): Promise<void> {
  await open(file, each.name)
  const found = contentOf(file)
  expect(found.integrity, where).toBe('ok')
  expect(found.broken, where).toEqual([])
  expect(found.form, where).toEqual(referenceOf(each).form)
  expect(found.migrations, where).toEqual(referenceOf(each).migrations)
  expect(found.rows, where).toEqual(referenceOf(each).rows)
}

/** Files that a killed process leaves: their bytes, without the shared memory, which is lost. */
function filesIn(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder).filter((name) => !name.endsWith('-shm'))
  return new Map(names.sort().map((name) => [name, readFileSync(path.join(folder, name))]))
}

function hashOf(files: Map<string, Buffer>): string {
  const hash = createHash('sha256')
  for (const [name, bytes] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

describe('a migration', () => {
  test.each(CASES)('of $name from $start gives the schema of a new database', (each) => {
    const { form, integrity, broken, migrations } = referenceOf(each)
    expect(form).toEqual(referenceOf({ name: each.name, start: 'empty' }).form)
    expect({ integrity, broken, migrations }).toEqual({
      integrity: 'ok',
      broken: [],
      migrations: migrationsOf(each.name),
    })
  })

  test.each(CASES.filter(({ start }) => start === 'first'))('of $name keeps every row and value', (each) => {
    const before = originals.get(`${each.name} ${each.start}`)?.rows ?? {}
    const after = referenceOf(each).rows
    expect(Object.keys(before).length).toBeGreaterThan(3)
    for (const [table, rows] of Object.entries(before)) {
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows as Record<string, unknown>[]) {
        // Since 0003 a row has a key and is ended, not deleted; summaries are computed again.
        const { id, revision, tokens, trained_tokens, deleted_at, ...lasting } = row
        const { summary_json, summary_revision, ...others } = row
        const expected = table === 'dataset_rows' ? { ...lasting, key: id } : others
        expect(after[table]).toContainEqual(expect.objectContaining(expected))
      }
    }
  })
})

describe('a process that is killed during a migration', () => {
  test.each(CASES)(
    'of $name from $start: a start from the files of any moment ends well',
    options,
    async (each) => {
      const file = await prepare(each)
      const moments = new Map<string, { files: Map<string, Buffer>; where: string }>()
      let count = 0
      const remember = (where: string) => {
        const files = filesIn(path.dirname(file))
        // Most statements change nothing on the disk before their transaction ends.
        const hash = hashOf(files)
        if (!moments.has(hash)) moments.set(hash, { files, where })
      }
      await open(file, each.name, (run, text) => {
        count++
        remember(`before ${count}: ${text}`)
        const result = run()
        remember(`after ${count}: ${text}`)
        return result
      })
      expect(count).toBe(countOf(each))
      expect(moments.size).toBeGreaterThan(migrationsOf(each.name).length)
      for (const { files, where } of moments.values()) {
        const folder = newFolder()
        for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes)
        await expectWhole(path.join(folder, 'x.db'), each, where)
        rmSync(folder, { recursive: true })
      }
    },
  )

  test.each(CASES)(
    'of $name from $start: by SIGKILL of a real process',
    { timeout: 600_000 },
    async (each) => {
      const source = await prepare(each)
      for (let at = 1; at <= countOf(each); at += stride(countOf(each), 2)) {
        for (const moment of ['before', 'after'] as const) {
          const folder = newFolder()
          for (const name of readdirSync(path.dirname(source)))
            copyFileSync(path.join(path.dirname(source), name), path.join(folder, name))
          const file = path.join(folder, 'x.db')
          const child = fork('tests/support/killed-migration.ts', [
            file,
            DATABASES[each.name],
            String(at),
            moment,
          ])
          const [, signal] = await once(child, 'exit')
          expect(signal).toBe('SIGKILL')
          await expectWhole(file, each, `${moment} statement ${at}`)
          rmSync(folder, { recursive: true })
        }
      }
    },
  )
})

describe('a migration that fails', () => {
  test.each(CASES)(
    'of $name from $start at any statement leaves the database whole',
    options,
    async (each) => {
      const source = await prepare(each)
      for (let at = 1; at <= countOf(each); at += stride(countOf(each), 12)) {
        const file = copyOf(source)
        let count = 0
        const failing: Around = (run) => {
          if (++count === at) throw new Error('failpoint')
          return run()
        }
        await expect(open(file, each.name, failing), `statement ${at}`).rejects.toThrow('failpoint')
        await expectWhole(file, each, `statement ${at}`)
        rmSync(path.dirname(file), { recursive: true })
      }
    },
  )

  test.each(CASES)('of $name from $start on a full disk, at any size', options, async (each) => {
    const source = await prepare(each)
    let refused = 0
    for (let pages = 1; ; pages += stride(countOf(each), 12)) {
      const file = copyOf(source)
      let isLimited = false
      const full: Around = (run, _text, database) => {
        // SQLite raises a limit below the current size to that size.
        if (!isLimited) database.exec(`pragma max_page_count = ${pages}`)
        isLimited = true
        return run()
      }
      const outcome = await open(file, each.name, full).catch((thrown: Error) => thrown)
      if (!outcome) break
      expect(outcome.message).toMatch(/^The disk is full: the database .* stays as it was\. Free some space/)
      refused++
      await expectWhole(file, each, `${pages} pages`)
      rmSync(path.dirname(file), { recursive: true })
    }
    expect(refused).toBeGreaterThan(1)
  })
})

function copyOf(source: string): string {
  const folder = newFolder()
  for (const name of readdirSync(path.dirname(source)))
    copyFileSync(path.join(path.dirname(source), name), path.join(folder, name))
  return path.join(folder, 'x.db')
}

/** Later migrations have always been transactions. */
const LAST_OLD = { studio: '0008-aliases', engine: '0002-speeds' }

describe('a database that an early migration left between two schemas', () => {
  test.each(CASES)('$name from $start, stopped before any statement, is finished', options, async (each) => {
    const source = await prepare(each)
    let statements = 0
    await migrateTheOldWay(copyOf(source), each.name, LAST_OLD[each.name], () => statements++)
    expect(statements).toBeGreaterThan(1)
    for (let at = 1; at <= statements; at += stride(statements, 12)) {
      const file = copyOf(source)
      let count = 0
      const migrated = migrateTheOldWay(file, each.name, LAST_OLD[each.name], () => {
        if (++count === at) throw new Error('stopped')
      })
      await expect(migrated).rejects.toThrow('stopped')
      await expectWhole(file, each, `old way, statement ${at}`)
      rmSync(path.dirname(file), { recursive: true })
    }
  })
})
