import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyRows } from '#lib/datasets/copy.ts'
import { diffVersions } from '#lib/datasets/diff.ts'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import { importRows } from '#lib/datasets/import.ts'
import { restoreVersion } from '#lib/datasets/restore.ts'
import { redoStep, undoStep } from '#lib/datasets/undo.ts'
import { listVersions, makeVersion, versionOf } from '#lib/datasets/versions.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import * as previews from '../../app/api/datasets/[datasetId]/changes/preview/route.ts'
import * as changes from '../../app/api/datasets/[datasetId]/changes/route.ts'
import * as copies from '../../app/api/datasets/[datasetId]/copy/route.ts'
import * as diffs from '../../app/api/datasets/[datasetId]/diff/route.ts'
import * as restores from '../../app/api/datasets/[datasetId]/restore/route.ts'
import * as undoing from '../../app/api/datasets/[datasetId]/undo/route.ts'
import * as versions from '../../app/api/datasets/[datasetId]/versions/route.ts'
import { callRoute, type Handler, type Sent } from '../support/call-route.ts'
import { incoming } from '../support/dataset-files.ts'
import {
  apply,
  BROKEN,
  bytesOf,
  keysOf,
  lineOf,
  linesOf,
  made,
  REPAIRS,
  rowAt,
  stateOf,
} from '../support/dataset-history.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

type Act = (datasetId: string) => Promise<unknown>

const acts: Record<string, Act> = {
  'an edit': async (id) => {
    const row = await rowAt(id, 3)
    await updateRow(id, row.id, { revision: row.revision, line: '{"messages": []}' })
  },
  'a deletion': async (id) => {
    const row = await rowAt(id, 2)
    await updateRow(id, row.id, { revision: row.revision, deleted: true })
  },
  'a move to the other side': async (id) => {
    const row = await rowAt(id, 1)
    await updateRow(id, row.id, { revision: row.revision, split: 'heldout' })
  },
  'a new row in the middle': async (id) => addRow(id, { line: lineOf(900), after: (await rowAt(id, 4)).id }),
  'a copied row': async (id) => addRow(id, { copyOf: (await rowAt(id, 0)).id }),
  'an import': (id) => importRows(id, incoming(`${linesOf(5, 300).join('\r\n')}\r\n`, { split: 'heldout' })),
  'a repair': (id) => apply(id, { kind: 'fix', rules: [...REPAIRS] }),
  'another system prompt': (id) => apply(id, { kind: 'system', from: null, to: 'Speak "plainly".\n' }),
  'no system prompt': (id) => apply(id, { kind: 'system', from: 'Answer in verse.', to: '' }),
  'another split': (id) => apply(id, { kind: 'deal', heldout: 0.4, seed: 7 }),
  'no duplicates': (id) => apply(id, { kind: 'discard', rule: 'duplicate' }),
  'a search and replacement': (id) =>
    apply(id, { kind: 'replace', find: 'SANG', to: 'rang', matchCase: false }),
  'a note and a tag': async (id) => {
    const row = await rowAt(id, 0)
    await updateRow(id, row.id, { revision: row.revision, note: 'Too short?', tags: ['short'] })
  },
  'rejected rows': async (id) =>
    apply(id, { kind: 'mark', rows: (await keysOf(id)).slice(0, 3), review: 'rejected', tag: 'odd' }),
  'many rows moved': async (id) =>
    apply(id, { kind: 'split', rows: (await keysOf(id)).slice(1, 4), split: 'heldout' }),
  'many rows deleted': async (id) => apply(id, { kind: 'delete', rows: (await keysOf(id)).slice(2, 5) }),
  'a copy of another dataset': async (id) => copyRows(id, { from: await made(BROKEN), split: 'heldout' }),
}

describe('undo', () => {
  it.each(Object.entries(acts))('of %s leaves every byte as it was', async (_, act) => {
    const id = await made(BROKEN)
    const before = await stateOf(id)
    await act(id)
    const after = await stateOf(id)
    expect(after).not.toEqual(before)
    await undoStep(id)
    expect(await stateOf(id)).toEqual(before)
  })

  it('walks back step by step, past the undone ones, and stops at the beginning', async () => {
    const id = await made(BROKEN)
    const states = [await stateOf(id)]
    for (const act of Object.values(acts)) {
      const { revision } = await getDatasetSummary(id)
      await act(id)
      if ((await getDatasetSummary(id)).revision > revision) states.push(await stateOf(id))
    }
    expect(states.length).toBeGreaterThan(10)
    // In the middle of the way back something else happens, which goes first.
    for (const state of states.slice(0, -1).reverse()) {
      await undoStep(id)
      expect(await stateOf(id)).toEqual(state)
      if (state === states[6]) {
        await addRow(id, { line: lineOf(901) })
        expect((await undoStep(id)).kind).toBe('add')
        expect(await stateOf(id)).toEqual(state)
      }
    }
    expect((await getDatasetSummary(id)).undo).toBeNull()
    await expect(undoStep(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is itself undone, step by step, until rows change again', async () => {
    const id = await made(BROKEN)
    const states = [await stateOf(id)]
    for (const act of Object.values(acts)) {
      const { revision } = await getDatasetSummary(id)
      await act(id)
      if ((await getDatasetSummary(id)).revision > revision) states.push(await stateOf(id))
    }
    expect((await getDatasetSummary(id)).redo).toBeNull()
    while ((await getDatasetSummary(id)).undo) await undoStep(id)
    for (const [index, state] of states.entries()) {
      expect(await stateOf(id)).toEqual(state)
      if (index === states.length - 1) break
      await redoStep(id)
      if (index !== 4) continue
      // Back and forth again leads to the same place.
      await undoStep(id)
      expect(await stateOf(id)).toEqual(state)
      await redoStep(id)
    }
    expect((await getDatasetSummary(id)).redo).toBeNull()
    await expect(redoStep(id)).rejects.toMatchObject({ code: 'conflict' })
    await undoStep(id)
    expect((await getDatasetSummary(id)).redo).toBe('copy')
    await addRow(id, { line: lineOf(902) })
    expect((await getDatasetSummary(id)).redo).toBeNull()
    await expect(redoStep(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('tells what it took back and where to look', async () => {
    const id = await made(`${linesOf(6).join('\n')}\n`)
    const row = await rowAt(id, 4)
    await updateRow(id, row.id, { revision: row.revision, deleted: true })
    expect(await undoStep(id)).toMatchObject({ kind: 'delete', rows: 1, number: 5 })
    await addRow(id, { line: lineOf(9) })
    expect(await undoStep(id)).toMatchObject({ kind: 'add', rows: 1, number: null })
  })

  it('brings any order of steps back to the beginning', async () => {
    const names = Object.keys(acts).filter((name) => name !== 'a copy of another dataset')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...names, 'undo', 'redo'), { maxLength: 8 }),
        async (steps) => {
          const id = await made(BROKEN)
          const before = await stateOf(id)
          for (const step of steps) {
            const { undo, redo } = await getDatasetSummary(id)
            if (step === 'undo') await (undo && undoStep(id))
            else if (step === 'redo') await (redo && redoStep(id))
            else await acts[step]?.(id)
          }
          while ((await getDatasetSummary(id)).undo) await undoStep(id)
          expect(await stateOf(id)).toEqual(before)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('versions', () => {
  it('are the same data when their hashes are equal, and stay what they were', async () => {
    const text = `${linesOf(12).join('\n')}\n`
    const [one, other] = [await made(text), await made(text)]
    const first = await makeVersion(one, { name: 'First', note: 'Before the edits' })
    expect(first).toMatchObject({ number: 1, name: 'First', trainRows: 12, heldoutRows: 0, current: true })
    expect((await makeVersion(other)).sha256).toBe(first.sha256)
    const row = await rowAt(one, 0)
    await updateRow(one, row.id, { revision: row.revision, line: lineOf(77) })
    expect(await versionOf(one)).toMatchObject({ number: 2, name: null, current: true })
    expect(await bytesOf(one, first.id)).toBe(text)
    expect((await listVersions(one)).map(({ number, current }) => [number, current])).toEqual([
      [2, true],
      [1, false],
    ])
  })

  it('hash splits and bytes of lines in order', async () => {
    const lines = linesOf(2)
    const id = await made(lines.join('\n'), { trainRows: 1 })
    const expected = createHash('sha256').update(`train\n${lines[0]}\nheldout\n${lines[1]}\n`).digest('hex')
    expect((await makeVersion(id)).sha256).toBe(expected)
  })

  it('are not made twice of the same rows', async () => {
    const id = await made(`${linesOf(3).join('\n')}\n`)
    const first = await versionOf(id)
    await acts['a new row in the middle']?.(id).catch(() => addRow(id, { line: lineOf(5) }))
    await undoStep(id)
    expect((await getDatasetSummary(id)).dirty).toBe(true)
    expect(await makeVersion(id, { name: 'Named later' })).toMatchObject({
      id: first.id,
      name: 'Named later',
    })
    expect((await getDatasetSummary(id)).dirty).toBe(false)
  })

  it('come back byte for byte, as a step that can be undone', async () => {
    const id = await made(BROKEN)
    const version = await versionOf(id)
    const before = await stateOf(id)
    for (const act of Object.values(acts)) await act(id)
    const after = await stateOf(id)
    expect(await restoreVersion(id, { versionId: version.id })).toMatchObject({ kind: 'restore' })
    expect(await stateOf(id)).toEqual(before)
    await undoStep(id)
    expect(await stateOf(id)).toEqual(after)
  })
})

describe('the difference between two states', () => {
  it('counts what was added, removed, changed and moved, with the words of both', async () => {
    const lines = linesOf(6)
    const id = await made(`${lines.join('\n')}\n`)
    const { id: from } = await versionOf(id)
    const [zero, one, two, three] = await Promise.all([0, 1, 2, 3].map((index) => rowAt(id, index)))
    if (!zero || !one || !two || !three) throw new Error('There are fewer rows.')
    await updateRow(id, zero.id, { revision: zero.revision, deleted: true })
    await updateRow(id, one.id, { revision: one.revision, line: lineOf(50) })
    await updateRow(id, two.id, { revision: two.revision, split: 'heldout' })
    await addRow(id, { line: lineOf(51), after: three.id })
    const diff = await diffVersions(id, { from, to: 'draft', offset: 0, limit: 100 })
    expect(diff).toMatchObject({ added: 1, removed: 1, changed: 1, moved: 1, total: 4 })
    expect(diff.rows).toEqual([
      {
        id: zero.id,
        change: 'removed',
        number: null,
        before: lines[0],
        after: null,
        splits: ['train', null],
      },
      {
        id: one.id,
        change: 'changed',
        number: 1,
        before: lines[1],
        after: lineOf(50),
        splits: ['train', 'train'],
      },
      {
        id: two.id,
        change: 'moved',
        number: 2,
        before: lines[2],
        after: lines[2],
        splits: ['train', 'heldout'],
      },
      expect.objectContaining({ change: 'added', number: 4, before: null, after: lineOf(51) }),
    ])
    const back = await diffVersions(id, { from: 'draft', to: from, offset: 3, limit: 1 })
    expect(back).toMatchObject({ added: 1, removed: 1, changed: 1, moved: 1, total: 4, offset: 3 })
    expect(back.rows).toMatchObject([{ change: 'removed' }])
  })

  it('does not show what was undone, or written again as it was', async () => {
    const id = await made(BROKEN)
    const { id: from } = await versionOf(id)
    for (const act of Object.values(acts)) await act(id)
    while ((await getDatasetSummary(id)).undo) await undoStep(id)
    const row = await rowAt(id, 1)
    const edited = await updateRow(id, row.id, { revision: row.revision, line: 'no JSON' })
    await updateRow(id, row.id, { revision: edited.revision, line: row.text ?? '' })
    expect(await diffVersions(id, { from, to: 'draft', offset: 0, limit: 100 })).toMatchObject({
      total: 0,
      rows: [],
    })
  })
})

describe('over HTTP', () => {
  const call = (handler: Handler, datasetId: string, sent: Sent) =>
    callRoute(handler, { ...sent, params: { datasetId } })

  it('answers in the shapes that the pages read', async () => {
    const id = await made(`${linesOf(12).join('\n')}\n`)
    const version = await call(versions.POST, id, { body: { name: 'One' } })
    expect(version).toMatchObject({ status: 201, answer: { number: 1, name: 'One', current: true } })
    const change = { kind: 'system', from: null, to: 'New' }
    const preview = await call(previews.POST, id, { body: { change } })
    expect(preview).toMatchObject({
      status: 200,
      answer: { changed: 12, removed: 0, added: 0, splits: null },
    })
    expect(preview.answer.samples).toHaveLength(12)
    const { revision } = preview.answer
    const step = await call(changes.POST, id, { body: { revision, change } })
    expect(step).toMatchObject({ status: 200, answer: { revision: revision + 1, kind: 'system', rows: 12 } })
    const diff = await call(diffs.GET, id, { query: `?from=${version.answer.id}&limit=2` })
    expect(diff).toMatchObject({ status: 200, answer: { changed: 12, total: 12, rows: [{}, {}] } })
    const restored = await call(restores.POST, id, { body: { versionId: version.answer.id } })
    expect(restored).toMatchObject({ status: 200, answer: { kind: 'restore', rows: 12 } })
    expect(await call(undoing.POST, id, { body: {} })).toMatchObject({
      status: 200,
      answer: { kind: 'restore', number: 1 },
    })
    expect(await call(copies.POST, id, { body: { from: id } })).toMatchObject({
      status: 200,
      answer: { kind: 'copy', rows: 12 },
    })
    expect(await call(versions.GET, id, {})).toMatchObject({
      status: 200,
      answer: [{ number: 1, current: false }],
    })
    expect(await call(diffs.GET, id, { query: '?from=ver_nothing' })).toMatchObject({ status: 404 })
    expect(await call(undoing.POST, 'data_nothing', { body: {} })).toMatchObject({ status: 404 })
  })
})
