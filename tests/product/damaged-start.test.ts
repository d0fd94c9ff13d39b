import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { discard, type Studio, startStudio } from '../support/studio.ts'

const dataFolder = mkdtempSync(path.join(tmpdir(), 'limerick-damaged-'))
process.env.LIMERICK_DATA = dataFolder

let studio: Studio
let ids: Record<string, string>

/** A data folder with the samples, of which one has lost its file. */
async function prepare(): Promise<void> {
  const { openDatabase } = await import('#lib/db/open.ts')
  const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
  const { ensureSamples } = await import('#lib/datasets/samples.ts')
  const { blobsAt } = await import('#lib/datasets/revision-rows-store.ts')
  const { listDatasets } = await import('#lib/datasets/view.ts')
  serveStudio(await openDatabase(path.join(dataFolder, 'studio.db'), path.resolve('lib/db/migrations')))
  await ensureSamples()
  ids = Object.fromEntries((await listDatasets()).map(({ id, sample }) => [sample ?? '', id]))
  for (const blob of await blobsAt({ id: ids.elle ?? '', revision: 1 }))
    rmSync(path.join(dataFolder, 'blobs', blob))
  await studio().destroy()
}

beforeAll(async () => {
  await prepare()
  studio = await startStudio({ dataFolder })
})
afterAll(() => discard(studio))

const get = (address: string) => fetch(`${studio.url}${address}`)

test('with a file missing the studio starts, and everything else is there', async () => {
  for (const page of ['/', '/datasets', `/datasets/${ids.elle}`, `/datasets/${ids['elle-broken']}`])
    expect([page, (await get(page)).status]).toEqual([page, 200])
  const other = await (await get(`/api/datasets/${ids['elle-broken']}/export`)).text()
  expect(other).toBe(readFileSync('public/samples/elle-broken.jsonl', 'utf8'))
})

test.each(['rows', 'export'])('%s: the error names the missing file', async (what) => {
  const answer = await get(`/api/datasets/${ids.elle}/${what}`)
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({
    error: { code: 'damaged', message: expect.stringMatching(/blobs\/[0-9a-f]{64} .*it is missing/) },
  })
})
