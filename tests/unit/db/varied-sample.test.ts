import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { findSample, insertDataset } from '#lib/datasets/store.ts'
import { up } from '#lib/db/migrations/0009-varied-sample.ts'
import { openDatabase } from '#lib/db/open.ts'
import { setStudioDatabase, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

test.each([
  ['elle', 'elle-for-larger-models'],
  ['named by the user', 'named by the user'],
])('the sample of an earlier version, named %s, becomes the varied sample, named %s', async (name, after) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-sample-'))
  setStudioDatabase(
    await openDatabase<StudioTables>(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')),
  )
  await insertDataset({ id: 'ds_1', name, sample: 'elle', revision: 1 }, Date.now())
  await up(studio() as unknown as Kysely<unknown>)
  expect(await findSample('elle-varied')).toMatchObject({ id: 'ds_1', name: after })
  expect(await findSample('elle')).toBeUndefined()
  await studio().destroy()
  rmSync(folder, { recursive: true })
})
