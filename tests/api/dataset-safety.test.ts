import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, test, vi } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'
import { changeRows } from '#lib/datasets/bulk-edit.ts'
import { copyRows } from '#lib/datasets/copy.ts'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import { importDataset, importRows } from '#lib/datasets/import.ts'
import { liveDatasets } from '#lib/datasets/live.ts'
import { restoreVersion } from '#lib/datasets/restore.ts'
import { sweep } from '#lib/datasets/sweep-store.ts'
import { undoStep } from '#lib/datasets/undo.ts'
import { updateDataset } from '#lib/datasets/update-dataset.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { getDataset, getDatasetSummary, getRows } from '#lib/datasets/view.ts'
import { eachRowAt } from '#lib/datasets/worker/store.ts'
import { studio } from '#lib/db/studio.ts'
import { exportedBytes, incoming, rowLine } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'
import { untilTrue as until } from '../support/until.ts'

const folder = await setUpStudio()

const database = path.join(folder, 'studio.db')

const line = (n: number) => rowLine(`Question ${n}`, `Answer ${n * 7919}`)
const text = (rows: number, from = 0) => Array.from({ length: rows }, (_, n) => line(from + n)).join('')

const blobs = () => readdirSync(path.join(folder, 'blobs')).length

test('an import sends a datasets event to open pages, and pages that close are unsubscribed', async () => {
  const { id } = await importDataset(incoming(text(3)))
  const leaving = new AbortController()
  const stream = liveDatasets(leaving.signal, true)
  const next = async () => (await stream.next()).value?.data
  const before = await next()
  // The worker writes with its own handle, in another process.
  await importRows(id, incoming(text(3, 100)))
  expect(await next()).not.toBe(before)
  leaving.abort()
  expect((await stream.next()).done).toBe(true)
})

describe('the same bytes at the same time', () => {
  /** How many came in: one, or on a busy machine both, the second after the first. Who was too early is told so. */
  function wins(results: readonly PromiseSettledResult<unknown>[]): number {
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' })
    const count = results.filter(({ status }) => status === 'fulfilled').length
    expect(count).toBeGreaterThan(0)
    return count
  }

  it('into one dataset: who wins has its rows there, once', async () => {
    const { id } = await importDataset(incoming(text(3)))
    const more = text(3_000, 10)
    const both = await Promise.allSettled([importRows(id, incoming(more)), importRows(id, incoming(more))])
    expect(String(await exportedBytes(id))).toBe(text(3) + more.repeat(wins(both)))
  })

  it('converted into one dataset, too', async () => {
    const { id } = await importDataset(incoming(text(3)))
    const csv = `prompt,completion\n${Array.from({ length: 3_000 }, (_, n) => `same q${n},a${n}`).join('\n')}`
    const plan = { container: 'csv', mapping: { shape: 'prompt-completion' } } as const
    const before = blobs()
    const both = await Promise.allSettled([
      importRows(id, incoming(csv, { plan })),
      importRows(id, incoming(csv, { plan })),
    ])
    expect(String(await exportedBytes(id)).split('\n')).toHaveLength(3 + wins(both) * 3_000 + 1)
    expect(blobs()).toBe(before + 1)
  })

  it('into two datasets, one of them cancelled: the other one keeps them', async () => {
    const content = text(20_000, 50_000)
    const before = blobs()
    const stop = new AbortController()
    const [kept, gone] = await Promise.allSettled([
      importDataset(incoming(content)),
      importDataset(incoming(content), { signal: stop.signal, onProgress: () => stop.abort() }),
    ])
    expect(gone).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    expect(String(await exportedBytes(kept.status === 'fulfilled' ? kept.value.id : ''))).toBe(content)
    expect(blobs()).toBe(before + 1)
  })
})

describe('an import', () => {
  it('that is cancelled as its last byte arrives leaves nothing', async () => {
    const before = blobs()
    const stop = new AbortController()
    const source = (async function* () {
      yield Buffer.from(text(5, 900_000))
      stop.abort()
    })()
    await expect(importDataset(incoming('', { source }), { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(blobs()).toBe(before)
  })

  it('into a dataset that is deleted meanwhile loses none of either', async () => {
    const { id } = await importDataset(incoming(text(3)))
    const content = text(5_000, 100)
    let deleted: Promise<unknown> | undefined
    await importRows(id, incoming(content), {
      onProgress: () => (deleted ??= updateDataset(id, { deleted: true })),
    })
    await deleted
    await expect(importRows(id, incoming(text(1)))).rejects.toMatchObject({ code: 'not_found' })
    await updateDataset(id, { deleted: false })
    expect(String(await exportedBytes(id))).toBe(text(3) + content)
  })

  it('whose worker dies is told of, and the dataset can be changed again', async () => {
    const { id } = await importDataset(incoming(text(3)))
    const worker = () =>
      processWide<{ worker?: { child: ChildProcess } }>('datasetsWorker', () => ({})).worker?.child
    const dying = importRows(id, incoming(text(30_000, 100)), {
      onProgress: ({ phase, share }) => phase === 'checking' && share > 0.2 && worker()?.kill('SIGKILL'),
    })
    await expect(dying).rejects.toMatchObject({ code: 'unavailable' })
    await until(async () => !(await getDatasetSummary(id)).busy)
    expect(String(await exportedBytes(id))).toBe(text(3))
    const [first] = (await getRows(id)).rows
    await updateRow(id, first?.id ?? '', { revision: 1, split: 'heldout' })
  })
})

describe('a start after an end in the middle', () => {
  it('moves the bytes that no row stands in to lost+found, and no others', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const { id } = await importDataset(incoming(text(4, 70_000)))
    writeFileSync(path.join(folder, 'blobs', 'f'.repeat(64)), 'left over')
    await studio().updateTable('datasets').set({ importing: 2 }).where('id', '=', id).execute()
    await sweep()
    const used = await studio().selectFrom('dataset_rows').select('blob').distinct().execute()
    expect(blobs()).toBe(used.flatMap(({ blob }) => blob ?? []).length)
    expect(String(await exportedBytes(id))).toBe(text(4, 70_000))
    const [day = ''] = readdirSync(path.join(folder, 'lost+found'))
    const moved = path.join(folder, 'lost+found', day, 'blobs', 'f'.repeat(64))
    expect(readFileSync(moved, 'utf8')).toBe('left over')
  })
})

describe('the number of lines', () => {
  const counted = async (id: string) => {
    const [{ total }, exported] = [await getRows(id), String(await exportedBytes(id))]
    expect(exported.trimEnd().split('\n')).toHaveLength(total)
    const row = await studio().selectFrom('datasets').select('lines').where('id', '=', id).executeTakeFirst()
    expect(row?.lines).toBe(total)
    return total
  }

  it('is right after every kind of change', async () => {
    const { id } = await importDataset(incoming(text(6) + text(6)))
    const { id: version } = await makeVersion(id)
    const added = await addRow(id, { line: '{}' })
    expect(await counted(id)).toBe(13)
    const gone = await updateRow(id, added.id, { revision: added.revision, deleted: true })
    expect(await counted(id)).toBe(12)
    await updateRow(id, added.id, { revision: gone.revision, deleted: false })
    expect(await counted(id)).toBe(13)
    await undoStep(id)
    expect(await counted(id)).toBe(12)
    await copyRows(id, { from: id })
    expect(await counted(id)).toBe(24)
    const { revision } = await getDatasetSummary(id)
    await changeRows(id, { revision, change: { kind: 'discard', rule: 'duplicate' } })
    expect(await counted(id)).toBe(6)
    await importRows(id, incoming(text(2, 30)))
    expect(await counted(id)).toBe(8)
    await undoStep(id)
    expect(await counted(id)).toBe(6)
    await addRow(id, { line: '{}' })
    await restoreVersion(id, { versionId: version })
    expect(await counted(id)).toBe(12)
    expect(String(await exportedBytes(id))).toBe(text(6) + text(6))
    expect(String(await exportedBytes(id, version))).toBe(text(6) + text(6))
  })
})

it('rows that come in after the last ones were deleted stand at the end', async () => {
  const { id } = await importDataset(incoming(text(4)))
  const { rows } = await getRows(id)
  for (const { id: rowId } of rows.slice(2)) await updateRow(id, rowId, { revision: 1, deleted: true })
  await importRows(id, incoming(text(2, 10)))
  expect(String(await exportedBytes(id))).toBe(text(2) + text(2, 10))
  await undoStep(id)
  await undoStep(id)
  expect(String(await exportedBytes(id))).toBe(text(2) + line(3))
})

it('a copy of the first row leaves its byte order mark where it was', async () => {
  const { id } = await importDataset(incoming(`\ufeff${text(2)}`))
  const [first] = (await getRows(id)).rows
  await addRow(id, { copyOf: first?.id })
  expect(String(await exportedBytes(id))).toBe(`\ufeff${line(0)}${line(0)}${line(1)}`)
  const { report } = await getDataset(id)
  expect(report.issues.filter(({ rule }) => rule === 'bom').map(({ line }) => line)).toEqual([1])
})

it('what older rules said of a dataset is not said again', async () => {
  const { id } = await importDataset(incoming(text(12)))
  const now = await getDatasetSummary(id)
  const kept = await studio()
    .selectFrom('datasets')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const old = { ...JSON.parse(kept.summary_json ?? ''), rules: 0, state: 'blocked' }
  await studio()
    .updateTable('datasets')
    .set({ summary_json: JSON.stringify(old), report_json: '{}' })
    .execute()
  expect((await getDatasetSummary(id)).state).toBe(now.state)
  expect((await getDataset(id)).report.lines).toBe(12)
})

it('who reads rows while their positions are numbered anew reads each once', async () => {
  const { id } = await importDataset(incoming(text(5_000)))
  // Rows are read two thousand at a time: it is the last of them that moves.
  const [near] = (await getRows(id, { offset: 1_900, limit: 1 })).rows
  for (let n = 0; n < 35; n++) await addRow(id, { line: '{}', after: near?.id })
  const { revision } = await getDatasetSummary(id)
  const db = new DatabaseSync(database)
  const placeOf = (seq: number) =>
    db.prepare('select position from dataset_rows where seq = ?').get(seq)?.position
  const read: number[] = []
  let before: unknown
  for (const { seq } of eachRowAt(db, id, revision)) {
    read.push(seq)
    if (read.length !== 2_000) continue
    before = placeOf(seq)
    for (let n = 0; n < 30; n++) await addRow(id, { line: '{}', after: near?.id })
    expect(placeOf(seq)).not.toBe(before)
  }
  db.close()
  expect(before).toBeDefined()
  expect(read).toHaveLength(5_035)
  expect(new Set(read).size).toBe(5_035)
})
