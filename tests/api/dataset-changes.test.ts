import type { ChildProcess } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'
import { changeRows, previewChange } from '#lib/datasets/bulk-edit.ts'
import { copyRows } from '#lib/datasets/copy.ts'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import { restoreVersion } from '#lib/datasets/restore.ts'
import type { BulkChange } from '#lib/datasets/schema.ts'
import { undoStep } from '#lib/datasets/undo.ts'
import { versionOf } from '#lib/datasets/versions.ts'
import { getDataset, getDatasetSummary, getRows } from '#lib/datasets/view.ts'
import { work } from '#lib/datasets/worker/client.ts'
import { studio } from '#lib/db/studio.ts'
import {
  apply,
  BROKEN,
  bytesOf,
  hash,
  lineOf,
  linesOf,
  made,
  REPAIRS,
  rowAt,
  stateOf,
} from '../support/dataset-history.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()

describe('a change of many rows', () => {
  it('does what its preview said', async () => {
    const id = await made(BROKEN)
    const change: BulkChange = { kind: 'fix', rules: [...REPAIRS] }
    const preview = await previewChange(id, change)
    expect((await getDatasetSummary(id)).revision).toBe(preview.revision)
    const before = (await getRows(id)).total
    await changeRows(id, { revision: preview.revision, change })
    const after = await getRows(id)
    expect(after.total).toBe(before - preview.removed + preview.added)
    expect(after.rows.map(({ text }) => JSON.parse(text ?? ''))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => JSON.parse(lineOf(number))),
    )
    expect(after.rows.every(({ flag }) => flag !== 'error')).toBe(true)
    expect(await previewChange(id, change)).toMatchObject({ changed: 0, removed: 0, added: 0, samples: [] })
  })

  it('keeps every byte that it does not speak of', async () => {
    const odd =
      '{ "messages":[{"role":"system","content":"Old"},{"role":"user","content":"caf\\u00e9 1.0e3"},{"role":"assistant","content":"x","weight":1}],"x":1e2}'
    const id = await made(`${odd}\n${lineOf(1, null)}\n`)
    await apply(id, { kind: 'system', from: 'Old', to: 'New' })
    expect(await bytesOf(id)).toBe(`${odd.replace('Old', 'New')}\n${lineOf(1, null)}\n`)
    await apply(id, { kind: 'system', from: null, to: '' })
    expect(await bytesOf(id)).toBe(
      `${odd.replace('{"role":"system","content":"Old"},', '')}\n${lineOf(1, null)}\n`,
    )
  })

  it('is none when there is nothing to change', async () => {
    const id = await made(`${linesOf(4).join('\n')}\n`)
    const { revision } = await getDatasetSummary(id)
    expect(await apply(id, { kind: 'fix', rules: ['bom'] })).toEqual({ revision, kind: 'fix', rows: 0 })
    expect(await getDatasetSummary(id)).toMatchObject({ revision, undo: null, busy: false })
  })

  it('is refused when the dataset has changed since it was looked at', async () => {
    const id = await made(`${linesOf(4).join('\n')}\n`)
    const { revision } = await getDatasetSummary(id)
    await addRow(id, { line: lineOf(40) })
    const change: BulkChange = { kind: 'system', from: null, to: 'Late' }
    await expect(changeRows(id, { revision, change })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('refuses every other change meanwhile, and leaves nothing behind when it is aborted', async () => {
    const id = await made(`${linesOf(8_000).join('\n')}\n`)
    const before = hash(await bytesOf(id))
    const files = readdirSync(path.join(folder, 'blobs')).sort()
    const { revision } = await getDatasetSummary(id)
    const records = () =>
      studio()
        .selectFrom('dataset_rows')
        .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.count<number>('until').as('ended')])
        .where('dataset_id', '=', id)
        .executeTakeFirstOrThrow()
    const untouched = await records()
    const stop = new AbortController()
    const change: BulkChange = { kind: 'system', from: null, to: 'Another' }
    const running = work('change', { datasetId: id, revision, change }, { signal: stop.signal })
    const ended = running.catch((thrown: unknown) => thrown)
    while ((await records()).all === untouched.all) await new Promise((done) => setTimeout(done, 2))
    await expect(addRow(id, { line: lineOf(1) })).rejects.toMatchObject({ code: 'conflict' })
    await expect(undoStep(id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await getDatasetSummary(id)).toMatchObject({ busy: true, revision })
    expect(hash(await bytesOf(id))).toBe(before)
    stop.abort()
    expect(await ended).toMatchObject({ name: 'AbortError' })
    expect(await records()).toEqual(untouched)
    expect(await getDatasetSummary(id)).toMatchObject({ busy: false, revision })
    expect(hash(await bytesOf(id))).toBe(before)
    expect(readdirSync(path.join(folder, 'blobs')).sort()).toEqual(files)
  })
})

describe('a worker that dies in the middle of a change', () => {
  it('leaves nothing of it to the next one', async () => {
    const id = await made(`${linesOf(4_000).join('\n')}\n`)
    const before = await stateOf(id)
    const { revision } = await getDatasetSummary(id)
    const change: BulkChange = { kind: 'system', from: null, to: 'Another' }
    const failed = changeRows(id, { revision, change }).catch((thrown: unknown) => thrown)
    const begun = () =>
      studio()
        .selectFrom('dataset_rows')
        .select('seq')
        .where('dataset_id', '=', id)
        .where('since', '>', revision)
    while (!(await begun().executeTakeFirst())) await new Promise((done) => setTimeout(done, 2))
    const current = processWide<{ worker?: { child: ChildProcess } }>('datasetsWorker', () => ({}))
    current.worker?.child.kill('SIGKILL')
    expect(await failed).toMatchObject({ code: 'unavailable' })
    await addRow(id, { line: lineOf(1) })
    expect((await begun().execute()).length).toBe(1)
    await undoStep(id)
    expect(await stateOf(id)).toEqual(before)
  })
})

describe('dealing the split', () => {
  const miles = (number: number) =>
    Array.from(
      { length: 16 },
      (_, mile) => `Mile ${mile} of way ${number} leads past ${number * (mile + 3)} grey stones.`,
    ).join(' ')
  const twin = (number: number, word: string) =>
    JSON.stringify({
      messages: [
        {
          role: 'user',
          content: `Number ${number}: tell me all that you know of the long way from the mill to the sea ${word}.`,
        },
        {
          role: 'assistant',
          content: miles(number),
        },
      ],
    })
  /** Pairs that differ by a word, and a verse between each two. */
  const text = () =>
    `${Array.from({ length: 60 }, (_, index) => [twin(index, 'now'), lineOf(index), twin(index, 'today')].join('\n')).join('\n')}\n`

  it('keeps near-duplicates together, and deals the same again from the same seed', async () => {
    const deals = await Promise.all(
      [3, 3, 4].map(async (seed) => {
        const id = await made(text())
        const change: BulkChange = { kind: 'deal', heldout: 0.25, seed }
        const { splits } = await previewChange(id, change)
        await apply(id, change)
        expect((await getDataset(id)).report.byRule).not.toHaveProperty('leak-into-heldout')
        const { rows } = await getRows(id, { offset: 0, limit: 500 })
        const sides = rows.map(({ split }) => split)
        expect(splits).toEqual({
          train: sides.filter((side) => side === 'train').length,
          heldout: sides.filter((side) => side === 'heldout').length,
        })
        return sides
      }),
    )
    const [first = [], again, other] = deals
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(Math.abs(first.filter((side) => side === 'heldout').length - 45)).toBeLessThanOrEqual(1)
    for (let index = 0; index < first.length; index += 3) expect(first[index + 2]).toBe(first[index])
  })

  it('writes only the rows that change sides', async () => {
    const id = await made(`${linesOf(40).join('\n')}\n`)
    expect(await apply(id, { kind: 'deal', heldout: 0.1, seed: 1 })).toMatchObject({ rows: 4 })
    expect(await apply(id, { kind: 'deal', heldout: 0.1, seed: 1 })).toMatchObject({ rows: 0 })
    expect(await apply(id, { kind: 'deal', heldout: 0, seed: 1 })).toMatchObject({ rows: 4 })
  })

  it('is refused, like every other move, once a run has used the split', async () => {
    const id = await made(`${linesOf(20).join('\n')}\n`)
    const before = await versionOf(id)
    const change: BulkChange = { kind: 'deal', heldout: 0.2, seed: 5 }
    await apply(id, change)
    await studio().updateTable('datasets').set({ split_locked: 1 }).where('id', '=', id).execute()
    expect(await getDatasetSummary(id)).toMatchObject({ splitLocked: true })
    const refused = { code: 'conflict', param: 'split' }
    await expect(previewChange(id, { ...change, seed: 6 })).rejects.toMatchObject(refused)
    await expect(apply(id, { ...change, seed: 6 })).rejects.toMatchObject(refused)
    await expect(undoStep(id)).rejects.toMatchObject(refused)
    await expect(restoreVersion(id, { versionId: before.id })).rejects.toMatchObject(refused)
    const row = await rowAt(id, 0)
    const split = row.split === 'train' ? 'heldout' : 'train'
    await expect(updateRow(id, row.id, { revision: row.revision, split })).rejects.toMatchObject(refused)
    expect(await getDatasetSummary(id)).toMatchObject({ busy: false })
  })
})

describe('copying', () => {
  it('adds the rows of another dataset with what is known of them', async () => {
    const [id, from] = [await made(`${linesOf(3).join('\n')}\n`), await made(BROKEN)]
    const own = await stateOf(id)
    const theirs = await stateOf(from)
    await copyRows(id, { from, split: 'heldout' })
    const { rows } = await stateOf(id)
    expect(rows.slice(0, 3)).toEqual(own.rows)
    expect(rows.slice(3).map(({ text, kind, tokens }) => [text, kind, tokens])).toEqual(
      theirs.rows.map(({ text, kind, tokens }) => [text, kind, tokens]),
    )
    expect(rows.slice(3).every(({ split }) => split === 'heldout')).toBe(true)
    // A byte order mark stays where a file begins.
    expect(await bytesOf(id)).not.toContain('\u00EF\u00BB\u00BF')
    await expect(copyRows(id, { from: 'data_nothing' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
