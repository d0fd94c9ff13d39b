import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { changeRows, previewChange } from '#lib/datasets/bulk-edit.ts'
import { diffVersions } from '#lib/datasets/diff.ts'
import { updateRow } from '#lib/datasets/edit-row.ts'
import { firstExamples } from '#lib/datasets/examples-by-place.ts'
import { exportDataset } from '#lib/datasets/export.ts'
import { restoreVersion } from '#lib/datasets/restore.ts'
import type { RowKeys } from '#lib/datasets/schema.ts'
import { settleLocks } from '#lib/datasets/store.ts'
import { updateDataset } from '#lib/datasets/update-dataset.ts'
import { listVersions, makeVersion } from '#lib/datasets/versions.ts'
import { getDataset, getDatasetSummary, getRows, listDatasets, numberOf } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { askableRows } from '#lib/evals/rows.ts'
import * as keys from '../../app/api/datasets/[datasetId]/rows/keys/route.ts'
import { callRoute } from '../support/call-route.ts'
import { exportedBytes } from '../support/dataset-files.ts'
import { apply, bytesOf, keysOf, lineOf, linesOf, made, rowAt } from '../support/dataset-history.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

const fileOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`

async function reject(datasetId: string, index: number): Promise<void> {
  const row = await rowAt(datasetId, index)
  await updateRow(datasetId, row.id, { revision: row.revision, review: 'rejected' })
}

const sent = async (datasetId: string, split: 'train' | 'heldout'): Promise<string> =>
  Buffer.concat(await Array.fromAsync((await exportDataset(datasetId, { split })).bytes)).toString()

test('a rejected row is not sent, asked, counted or checked, and keeps its place in the list', async () => {
  const lines = linesOf(14)
  const id = await made(fileOf([...lines.slice(0, 12), 'no JSON', ...lines.slice(12)]), { trainRows: 13 })
  expect((await getDatasetSummary(id)).state).toBe('blocked')
  await reject(id, 12)
  await reject(id, 0)
  await reject(id, 13)
  const { dataset, report } = await getDataset(id)
  expect(dataset).toMatchObject({
    state: 'ready',
    rejected: 3,
    train: { examples: 11, errors: 0 },
    heldout: { examples: 1 },
  })
  expect(report.lines).toBe(15)
  expect(report.issues).toEqual([])
  const { rows, total } = await getRows(id)
  expect(total).toBe(15)
  expect(rows.flatMap(({ review, number }) => (review === 'rejected' ? number : []))).toEqual([1, 13, 14])
  expect(await bytesOf(id)).toBe(fileOf([...lines.slice(1, 12), lines[13] ?? '']))
  expect(await sent(id, 'train')).toBe(fileOf(lines.slice(1, 12)))
  expect(await sent(id, 'heldout')).toBe(fileOf(lines.slice(13)))
  // The first line of the training file is the second of the dataset.
  expect(await numberOf(id, { split: 'train', line: 1 })).toBe(2)
  const [example] = await firstExamples(id, null, 1)
  expect(example?.messages[1]?.content).toBe(JSON.parse(lines[1] ?? '').messages[1].content)
  const asked = await askableRows({ datasetId: id, revision: dataset.revision, split: 'heldout' }, 10)
  expect(asked.rows.map(({ key }) => key)).toEqual([rows[14]?.id])
  expect(asked.excluded).toEqual([])
})

test('a rejected row stays out of a new split, and comes back to its own', async () => {
  const id = await made(fileOf(linesOf(20)))
  await reject(id, 3)
  const preview = await previewChange(id, { kind: 'deal', heldout: 0.5, seed: 1 })
  expect(Object.values(preview.splits ?? {}).reduce((sum, rows) => sum + rows)).toBe(19)
  await apply(id, { kind: 'deal', heldout: 0.5, seed: 1 })
  const row = await rowAt(id, 3)
  expect(row).toMatchObject({ split: 'train', review: 'rejected' })
  await updateRow(id, row.id, { revision: row.revision, review: 'draft' })
  expect((await getDatasetSummary(id)).rejected).toBe(0)
  expect((await rowAt(id, 3)).split).toBe('train')
})

test('a version has the rows that were sent, whatever is rejected later', async () => {
  const lines = linesOf(12)
  const id = await made(fileOf(lines))
  const whole = await makeVersion(id, { name: 'Whole' })
  await reject(id, 0)
  const fewer = await makeVersion(id, {})
  expect(fewer).toMatchObject({ number: 2, trainRows: 11 })
  expect(fewer.sha256).not.toBe(whole.sha256)
  expect(fewer.tokens).toBeLessThan(whole.tokens)
  expect(await bytesOf(id, whole.id)).toBe(fileOf(lines))
  expect(await bytesOf(id, fewer.id)).toBe(fileOf(lines.slice(1)))
  const diff = await diffVersions(id, { from: whole.id, to: fewer.id, offset: 0, limit: 10 })
  expect(diff).toMatchObject({ removed: 1, added: 0, changed: 0, total: 1 })
  // The same rows without the rejected one are the same data.
  expect((await makeVersion(await made(fileOf(lines.slice(1))), {})).sha256).toBe(fewer.sha256)
  await restoreVersion(id, { versionId: whole.id })
  expect((await rowAt(id, 0)).review).toBe('draft')
})

test('notes, tags and the state "reviewed" are kept with a row and change no version', async () => {
  const id = await made(fileOf(linesOf(12)))
  const first = await makeVersion(id, {})
  const row = await rowAt(id, 2)
  await updateRow(id, row.id, {
    revision: row.revision,
    review: 'reviewed',
    note: 'Ask Ada.',
    tags: ['b', 'a', 'b'],
  })
  expect(await rowAt(id, 2)).toMatchObject({ review: 'reviewed', note: 'Ask Ada.', tags: ['b', 'a'] })
  expect((await getDataset(id)).report.tags).toEqual([
    { tag: 'a', count: 1 },
    { tag: 'b', count: 1 },
  ])
  const next = await makeVersion(id, {})
  expect(next).toMatchObject({ id: first.id, number: 1 })
  expect(await diffVersions(id, { from: first.id, to: 'draft', offset: 0, limit: 5 })).toMatchObject({
    total: 0,
  })
  // Another text keeps them, and an empty note removes the note.
  const marked = await rowAt(id, 2)
  await updateRow(id, marked.id, { revision: marked.revision, line: lineOf(70), note: '' })
  expect(await rowAt(id, 2)).toMatchObject({ text: lineOf(70), review: 'reviewed', note: null })
  expect((await listVersions(id)).length).toBe(1)
  await expect(
    callRoute(keys.GET, { params: { datasetId: id }, query: '?review=unknown' }),
  ).resolves.toMatchObject({ status: 400 })
})

test('rows are found by state and tag, and chosen by their ids', async () => {
  const id = await made(fileOf(linesOf(30)))
  const all = await keysOf(id)
  await apply(id, { kind: 'mark', rows: all.slice(10, 20), review: 'reviewed', tag: 'ten' })
  await apply(id, { kind: 'mark', rows: all.slice(15, 20), untag: 'ten' })
  const find = async (query: string): Promise<RowKeys> =>
    (await callRoute<RowKeys>(keys.GET, { params: { datasetId: id }, query })).answer
  expect(await find('')).toEqual(all)
  expect(await find('?offset=28')).toEqual(all.slice(28))
  expect(await find('?tag=ten')).toEqual(all.slice(10, 15))
  expect(await find('?review=reviewed&limit=3')).toEqual(all.slice(10, 13))
  expect(await find('?review=draft')).toHaveLength(20)
})

test('many rows are moved and deleted in one step; rows that are so already are no change', async () => {
  const id = await made(fileOf(linesOf(20)))
  const all = await keysOf(id)
  const moved = await apply(id, { kind: 'split', rows: all.slice(0, 4), split: 'heldout' })
  expect(moved).toMatchObject({ kind: 'split', rows: 4 })
  const same = await apply(id, { kind: 'split', rows: all.slice(0, 4), split: 'heldout' })
  expect(same).toMatchObject({ rows: 0, revision: moved.revision })
  expect(await previewChange(id, { kind: 'delete', rows: ['row_nobody', ...all.slice(2, 6)] })).toMatchObject(
    {
      changed: 0,
      removed: 4,
    },
  )
  await apply(id, { kind: 'delete', rows: all.slice(2, 6) })
  expect(await keysOf(id)).toEqual([...all.slice(0, 2), ...all.slice(6)])
  await expect(
    changeRows(id, { revision: moved.revision, change: { kind: 'delete', rows: all } }),
  ).rejects.toMatchObject({ code: 'conflict' })
  await settleLocks([id], () => sql`true`, studio())
  await expect(apply(id, { kind: 'split', rows: all.slice(8), split: 'heldout' })).rejects.toMatchObject({
    code: 'conflict',
  })
  // A locked split does not keep a row from being rejected.
  await apply(id, { kind: 'mark', rows: all.slice(8, 9), review: 'rejected' })
  expect((await getDatasetSummary(id)).rejected).toBe(1)
})

test('a text is replaced in messages only, and the rest of a line keeps its bytes', async () => {
  const odd =
    '{ "note":"colour","messages":[{"role":"user","content":"Which colour, caf\\u00e9 or COLOUR?","name":"colour"},{"role":"assistant","content":"x","weight":1}],"x":1e2}'
  const parts = JSON.stringify({
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'A colour' }] },
      { role: 'assistant', content: 'colourless' },
    ],
  })
  const id = await made(fileOf([odd, parts, 'colour, no JSON', lineOf(1)]))
  const change = { kind: 'replace', find: 'colour', to: 'color "1"', matchCase: true } as const
  const preview = await previewChange(id, change)
  expect(preview).toMatchObject({ changed: 2, removed: 0, added: 0 })
  expect(preview.samples).toHaveLength(2)
  await apply(id, change)
  expect((await exportedBytes(id)).toString()).toBe(
    fileOf([
      odd.replace('Which colour, caf\\u00e9 or COLOUR?', 'Which color \\"1\\", café or COLOUR?'),
      parts.replace('A colour', 'A color \\"1\\"').replace('colourless', 'color \\"1\\"less'),
      'colour, no JSON',
      lineOf(1),
    ]),
  )
  const [first = ''] = await keysOf(id)
  await apply(id, { kind: 'replace', find: 'COLOR', to: 'hue', matchCase: false, rows: [first] })
  expect((await rowAt(id, 0)).text).toContain('Which hue \\"1\\", café or COLOUR?')
  expect((await rowAt(id, 1)).text).toContain('A color')
})

test('a dataset is archived and comes back', async () => {
  const id = await made(fileOf(linesOf(10)))
  const { updatedAt } = await getDatasetSummary(id)
  const archived = await updateDataset(id, { archived: true })
  expect(archived?.archivedAt).toBeGreaterThan(0)
  expect(archived?.updatedAt).toBe(updatedAt)
  const newer = await made(fileOf(linesOf(10)))
  await updateDataset(newer, { archived: false })
  expect((await listDatasets()).at(-1)?.id).toBe(id)
  expect((await updateDataset(id, { archived: false }))?.archivedAt).toBeNull()
})
