import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processWide } from '#lib/core/process-wide.ts'
import { changeRows, previewChange } from '#lib/datasets/bulk-edit.ts'
import { copyRows } from '#lib/datasets/copy.ts'
import { diffVersions } from '#lib/datasets/diff.ts'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import { importDataset, importRows } from '#lib/datasets/import.ts'
import { restoreVersion } from '#lib/datasets/restore.ts'
import type { BulkChange, Split } from '#lib/datasets/schema.ts'
import { undoStep } from '#lib/datasets/undo.ts'
import { listVersions, makeVersion, versionOf } from '#lib/datasets/versions.ts'
import { getDataset, getDatasetSummary, getRows } from '#lib/datasets/view.ts'
import { work } from '#lib/datasets/worker/client.ts'
import { studio } from '#lib/db/studio.ts'
import * as previews from '../../app/api/datasets/[datasetId]/changes/preview/route.ts'
import * as changes from '../../app/api/datasets/[datasetId]/changes/route.ts'
import * as copies from '../../app/api/datasets/[datasetId]/copy/route.ts'
import * as diffs from '../../app/api/datasets/[datasetId]/diff/route.ts'
import * as restores from '../../app/api/datasets/[datasetId]/restore/route.ts'
import * as undoing from '../../app/api/datasets/[datasetId]/undo/route.ts'
import * as versions from '../../app/api/datasets/[datasetId]/versions/route.ts'
import { callRoute, type Handler, type Sent } from '../support/call-route.ts'
import { exportedBytes, incoming } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()

const subjects = ['a cat', 'the sea', 'an old clock', 'two trains', 'rain', 'a lamp', 'the baker', 'a kite']
const endings = ['at dawn', 'in March', 'near the mill', 'without a word', 'for a while', 'on the hill']

/** A line like no other: its words come from the digits of its number. */
function lineOf(number: number, system: string | null = 'Answer in verse.'): string {
  const subject = subjects[number % 8] ?? ''
  const ending = endings[Math.floor(number / 8) % 6] ?? ''
  const turns = [
    ...(system === null ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: `Number ${number}: write of ${subject} ${ending}.` },
    {
      role: 'assistant',
      content: `Once ${subject} stood ${ending}, and ${number} times ${number * 7} it sang.`,
    },
  ]
  return JSON.stringify({ messages: turns })
}

const linesOf = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, index) => lineOf(first + index))

const made = async (text: string, split: Split | { trainRows: number } = 'train'): Promise<string> =>
  (await importDataset(incoming(text, { split }))).id

const bytesOf = async (datasetId: string, version?: string): Promise<string> =>
  (await exportedBytes(datasetId, version)).toString('latin1')

const hash = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

/** Everything that can be seen of the rows: bytes, and who stands where. */
async function stateOf(datasetId: string) {
  const { rows } = await getRows(datasetId, { offset: 0, limit: 500 })
  return {
    sha256: hash(await bytesOf(datasetId)),
    rows: rows.map(({ id, split, text, kind, tokens, flag }) => ({ id, split, text, kind, tokens, flag })),
  }
}

async function apply(datasetId: string, change: BulkChange) {
  const { revision } = await getDatasetSummary(datasetId)
  return changeRows(datasetId, { revision, change })
}

async function rowAt(datasetId: string, index: number) {
  const { rows } = await getRows(datasetId, { offset: index, limit: 1 })
  const [row] = rows
  if (!row) throw new Error('There is no such row.')
  return row
}

const BROKEN = [
  `\uFEFF${lineOf(1)}\r`,
  lineOf(2),
  '',
  `${lineOf(3).slice(0, -1)},}`,
  JSON.stringify(JSON.parse(lineOf(4)), null, 2),
  lineOf(2),
  `[${lineOf(5)}, ${lineOf(6)}, ${lineOf(7)}]`,
  lineOf(8),
].join('\n')

const REPAIRS = [
  'bom',
  'crlf',
  'blank-line',
  'bad-json',
  'multi-line-json',
  'array-not-lines',
  'duplicate',
] as const

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
      fc.asyncProperty(fc.array(fc.constantFrom(...names, 'undo'), { maxLength: 8 }), async (steps) => {
        const id = await made(BROKEN)
        const before = await stateOf(id)
        for (const step of steps) {
          if (step !== 'undo') await acts[step]?.(id)
          else if ((await getDatasetSummary(id)).undo) await undoStep(id)
        }
        while ((await getDatasetSummary(id)).undo) await undoStep(id)
        expect(await stateOf(id)).toEqual(before)
      }),
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
