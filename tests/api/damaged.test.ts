import { readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exportDataset } from '#lib/datasets/export.ts'
import { importDataset } from '#lib/datasets/import.ts'
import { blobsAt } from '#lib/datasets/revision-rows-store.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { getRows, listDatasets } from '#lib/datasets/view.ts'
import { stopWorker } from '#lib/datasets/worker/client.ts'
import { studio } from '#lib/db/studio.ts'
import { incoming, rowLine } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()

let made = 0

/** A dataset of its own bytes, and the file that they are in. */
async function dataset(): Promise<{ id: string; file: string; name: string }> {
  const text = Array.from({ length: 20 }, () => rowLine(`Question ${++made}`, 'Answer')).join('')
  const { id } = await importDataset(incoming(text))
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
