import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-damaged-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { importDataset } = await import('#lib/datasets/import.ts')
const { exportDataset } = await import('#lib/datasets/export.ts')
const { makeVersion } = await import('#lib/datasets/versions.ts')
const { getRows, listDatasets } = await import('#lib/datasets/view.ts')
const { stopWorker } = await import('#lib/datasets/worker/client.ts')
const { blobsAt } = await import('#lib/datasets/revision-rows-store.ts')

beforeAll(async () =>
  serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations'))),
)
afterAll(async () => {
  await studio().destroy()
  rmSync(folder, { recursive: true, force: true })
})

let made = 0

/** A dataset of its own bytes, and the file that they are in. */
async function dataset(): Promise<{ id: string; file: string; name: string }> {
  const row = (n: number) =>
    `{"messages": [{"role": "user", "content": "Question ${n}"}, {"role": "assistant", "content": "Answer"}]}\n`
  const text = Array.from({ length: 20 }, () => row(++made)).join('')
  const source = (async function* () {
    yield Buffer.from(text)
  })()
  const { id } = await importDataset({ name: 'a.jsonl', source, length: null, split: 'train' })
  const [name = ''] = await blobsAt({ id, revision: 1 })
  return { id, name, file: path.join(folder, 'blobs', name) }
}

/** One bit of one byte, as a disk loses it: the file's times say nothing of it. */
function flip(file: string): void {
  const { atime, mtime } = statSync(file)
  const bytes = readFileSync(file)
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(file, bytes)
  utimesSync(file, atime, mtime)
}

const says = (name: string, how: RegExp) => ({
  code: 'damaged',
  message: expect.stringMatching(how),
  facts: { file: `blobs/${name}` },
})

describe('a file that is not what was imported', () => {
  test.each([
    ['a flipped bit', flip, /its bytes are not/],
    ['a cut', (file: string) => truncateSync(file, 1_000), /its bytes are not/],
    ['gone', (file: string) => rmSync(file), /it is missing/],
  ])('%s: is not exported, and is named', async (_, damage, how) => {
    const { id, file, name } = await dataset()
    await exportDataset(id)
    damage(file)
    await expect(exportDataset(id)).rejects.toMatchObject(says(name, how))
  })

  test('its rows are not shown, and no version of them is made', async () => {
    const { id, file, name } = await dataset()
    const bytes = readFileSync(file)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(file, bytes)
    await expect(getRows(id)).rejects.toMatchObject(says(name, /its bytes are not/))
    await expect(makeVersion(id)).rejects.toMatchObject(says(name, /its bytes are not/))
  })

  test('does not take the list of all datasets with it, also where the checks have to read it again', async () => {
    const [broken, good] = [await dataset(), await dataset()]
    rmSync(broken.file)
    await studio().updateTable('dataset_rows').set({ checked: null }).execute()
    await studio().updateTable('datasets').set({ summary_json: null, summary_revision: null }).execute()
    // New rules start a new worker. This one still remembers the report of the import.
    await stopWorker(5_000)
    const states = new Map((await listDatasets()).map(({ id, state }) => [id, state]))
    expect(states.get(broken.id)).toBe('damaged')
    expect(states.get(good.id)).toBe('ready')
  })

  test('put back, it can be read again', async () => {
    const { id, file } = await dataset()
    const bytes = readFileSync(file)
    rmSync(file)
    await expect(getRows(id)).rejects.toMatchObject({ code: 'damaged' })
    writeFileSync(file, bytes)
    expect((await getRows(id)).rows).toHaveLength(20)
  })
})
