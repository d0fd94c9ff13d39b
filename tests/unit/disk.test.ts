import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#lib/core/errors.ts'
import { isDiskFull } from '#lib/disk/full.ts'
import { expectSpace, freeSpace } from '#lib/disk/space.ts'
import { failure } from '#lib/http/failure.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-full-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const system = (code: string) => Object.assign(new Error(`${code}: no`), { code })
const sqlite = (errcode: number) => Object.assign(new Error('no'), { code: 'ERR_SQLITE_ERROR', errcode })

/** What SQLite itself throws when a database may not grow. */
function full(): unknown {
  const db = new DatabaseSync(':memory:')
  db.exec('create table rows (text); pragma max_page_count = 2')
  try {
    db.prepare('insert into rows values (zeroblob(100000))').run()
  } catch (thrown) {
    return thrown
  }
}

describe('a disk that takes no more is known', () => {
  test.each([
    ['no space', system('ENOSPC')],
    ['quota', system('EDQUOT')],
    ['limit of file size', system('EFBIG')],
    ['SQLite', full()],
    ['a write that SQLite could not make', sqlite(778)],
    ['the index of the log', sqlite(4874)],
    ['hidden as a cause', new Error('could not be brought up to date', { cause: sqlite(13) })],
    ['among others', new AggregateError([new Error('other'), system('ENOSPC')])],
  ])('%s', (_, thrown) => {
    expect(failure(thrown)).toMatchObject({
      code: 'disk_full',
      status: 507,
      message: expect.stringMatching(/^The disk of the data folder is full.*Free some space/),
    })
  })

  test('and nothing else is taken for it', () => {
    for (const other of [system('EACCES'), sqlite(5), sqlite(11), new Error('disk is full'), null, 'ENOSPC'])
      expect(isDiskFull(other)).toBe(false)
    const circle = new Error('round')
    circle.cause = circle
    expect(isDiskFull(circle)).toBe(false)
  })

  test('the engine’s word for it is ours, another provider’s is not', () => {
    const of = (status: number, code: string) =>
      failure(APIError.generate(status, { error: { code, message: 'No room.' } }, undefined, new Headers()))
    expect(of(507, 'disk_full')).toMatchObject({ code: 'disk_full', message: 'No room.' })
    expect(of(500, 'disk_full').code).toBe('provider_refused')
  })
})

describe('space', () => {
  test('is measured, and unknown where there is no folder', async () => {
    expect(await freeSpace(folder)).toBeGreaterThan(0)
    expect(await freeSpace(path.join(folder, 'absent'))).toBe(Number.POSITIVE_INFINITY)
  })

  test('that is missing refuses the work, saying how much is', async () => {
    const refusal = expectSpace(folder, 2 ** 60)
    await expect(refusal).rejects.toMatchObject({ code: 'disk_full', facts: { needed: expect.any(Number) } })
    await expect(refusal).rejects.toThrow(/^This needs [\d,]+ MB .* and [\d,]+ MB are free\. Free some space/)
  })
})

describe('a database that may not grow', () => {
  let db: import('kysely').Kysely<import('#lib/db/tables.ts').StudioTables>

  beforeAll(async () => {
    process.env.LIMERICK_DATA = folder
    const { openDatabase } = await import('#lib/db/open.ts')
    db = await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations'))
    const { sql } = await import('kysely')
    await sql`pragma max_page_count = 1`.execute(db) // the pages that there are, and no more
    const { setStudioDatabase: serveStudio } = await import('#lib/db/studio.ts')
    serveStudio(db)
  })
  afterAll(() => db.destroy())

  const LONG = 'x'.repeat(500_000)

  test('says so, also out of a transaction that it has rolled back by itself', async () => {
    const { insertDataset } = await import('#lib/datasets/store.ts')
    const { insertRow } = await import('#lib/datasets/edit-row-store.ts')
    const { inTransaction } = await import('#lib/db/studio.ts')
    const id = 'data_small'
    await insertDataset({ id, name: 'small', revision: 1 }, Date.now())
    const row = { key: 'k', dataset_id: id, position: 1, split: 'train', line: LONG, since: 1 }
    const refused = inTransaction((trx) => insertRow(row as never, trx))
    expect(failure(await refused.catch((thrown: unknown) => thrown))).toMatchObject({ code: 'disk_full' })
    expect(await db.selectFrom('dataset_rows').selectAll().execute()).toEqual([])
    await inTransaction(async (trx) => {
      await trx.updateTable('datasets').set({ name: 'smaller' }).execute()
    })
    expect(await db.selectFrom('datasets').select('name').execute()).toEqual([{ name: 'smaller' }])
  })
})

test('an upload that would fill the disk is refused before a byte of it is kept', async () => {
  process.env.LIMERICK_DATA = folder
  const { receiveImport } = await import('#lib/datasets/import.ts')
  const headers = { 'content-length': String(2 ** 60) }
  const request = new Request('http://localhost/', { method: 'POST', body: '{}', headers })
  const refused = receiveImport(request, { name: 'a.jsonl', split: 'train' }, null)
  await expect(refused).rejects.toBeInstanceOf(AppError)
  await expect(refused).rejects.toMatchObject({ code: 'disk_full' })
  expect(readdirSync(folder)).not.toContain('blobs')
})
