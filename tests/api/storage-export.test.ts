import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { env } from '#lib/env.ts'
import { Usage } from '#lib/storage/schema.ts'
import { GET as getExport } from '../../app/api/storage/export/route.ts'
import { GET as getUsage } from '../../app/api/storage/usage/route.ts'
import { setUpStudio } from '../support/set-up.ts'
import { unzip } from '../support/zip.ts'

await setUpStudio()
await loadSample()

const request = (name: string) => new Request(`http://localhost/api/storage/${name}`)

test('what the data folder takes is told by what it holds', async () => {
  writeFileSync(path.join(env().dataFolder, 'studio.db.before-0001'), Buffer.alloc(5_000))
  const usage = Usage.parse(await (await getUsage(request('usage'), {})).json())
  const of = Object.fromEntries(usage.parts.map(({ name, bytes }) => [name, bytes]))
  expect(of.database).toBeGreaterThan(10_000)
  expect(of.backups).toBe(5_000)
  expect(usage.total).toBe(usage.parts.reduce((sum, { bytes }) => sum + bytes, 0))
})

test('everything leaves as one file: each side of each dataset under a name of its own', async () => {
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  })
  for (let n = 0; n < 2; n++) await addRow((await createDataset({ name: 'twice' })).id, { line })
  const response = await getExport(request('export'), {})
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="limerick-[\d-]+\.zip"$/)
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-export-'))
  const names = await unzip(Buffer.from(await response.arrayBuffer()), folder)
  for (const name of ['elle', 'elle-heldout', 'twice', 'twice (2)'])
    expect(names).toContain(`datasets/${name}.jsonl`)
  expect(names).toContain('aliases.json')
  expect(names).not.toContain('left-out.txt')
  expect(readFileSync(path.join(folder, 'datasets/twice.jsonl'), 'utf8').trimEnd()).toBe(line)
  rmSync(folder, { recursive: true })
})
