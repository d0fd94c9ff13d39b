import { readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { exportDataset, exportLosses } from '#lib/datasets/export.ts'
import { importDataset, importRows } from '#lib/datasets/import.ts'
import { ExportLosses } from '#lib/datasets/schema.ts'
import { sweep } from '#lib/datasets/sweep-store.ts'
import { getDataset, getDatasetSummary, listDatasets } from '#lib/datasets/view.ts'
import { contextOf } from '#lib/datasets/worker/context.ts'
import { fullReport } from '#lib/datasets/worker/report.ts'
import { studio } from '#lib/db/studio.ts'
import { answerOf } from '#lib/http/answer.ts'
import { GET } from '../../app/api/datasets/[datasetId]/export/route.ts'
import { exportedBytes, incoming, rowLine } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()

const line = (n: number) => rowLine(`Question ${n}`, `Answer ${n * 7919}`)
const text = (rows: number) => Array.from({ length: rows }, (_, n) => line(n)).join('')

const leftovers = async () => ({
  rows: Number(
    (
      await studio()
        .selectFrom('dataset_rows')
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirst()
    )?.n,
  ),
  datasets: (await studio().selectFrom('datasets').select('id').execute()).length,
  blobs: readdirSync(path.join(folder, 'blobs')).length,
})

describe('an import that is cancelled', () => {
  it('leaves nothing of a new dataset', async () => {
    await importDataset(incoming(text(10)))
    const before = await leftovers()
    const stop = new AbortController()
    const importing = importDataset(incoming(text(30_000)), {
      signal: stop.signal,
      onProgress: ({ phase, share }) => phase === 'checking' && share > 0.1 && stop.abort(),
    })
    await expect(importing).rejects.toMatchObject({ name: 'AbortError' })
    expect(await leftovers()).toEqual(before)
  })

  it('leaves the dataset that it was meant for as it was, and refuses other changes meanwhile', async () => {
    const { id } = await importDataset(incoming(text(10)))
    const stop = new AbortController()
    let refused: unknown
    const importing = importRows(id, incoming(text(30_000)), {
      signal: stop.signal,
      onProgress: ({ phase, share }) => {
        if (phase !== 'checking' || share < 0.1 || refused) return
        refused = addRow(id, { line: '{}' }).catch((thrown: unknown) => {
          stop.abort()
          return thrown
        })
      },
    })
    await expect(importing).rejects.toMatchObject({ name: 'AbortError' })
    expect(await refused).toMatchObject({ code: 'conflict' })
    expect(String(await exportedBytes(id))).toBe(text(10))
    expect(await getDatasetSummary(id)).toMatchObject({ revision: 1, busy: false })
    await addRow(id, { line: '{}' })
  })
})

describe('an end in the middle of an import', () => {
  it('is swept up at the next start', async () => {
    const { id } = await importDataset(incoming(text(12)))
    const [row] = await studio().selectFrom('dataset_rows').selectAll().where('dataset_id', '=', id).execute()
    const { seq, ...copy } = row ?? ({} as never)
    await studio().updateTable('datasets').set({ importing: 2 }).where('id', '=', id).execute()
    await studio().updateTable('dataset_rows').set({ until: 2 }).where('seq', '=', seq).execute()
    await studio()
      .insertInto('dataset_rows')
      .values({ ...copy, key: 'row_half', since: 2, until: null })
      .execute()
    await sweep()
    expect(String(await exportedBytes(id))).toBe(text(12))
    await addRow(id, { line: '{}' })
    expect(String(await exportedBytes(id))).toBe(`${text(12)}{}\n`)
  })
})

describe('a file with a plan', () => {
  it('becomes rows by its columns, and says which records could not', async () => {
    const csv = 'question,answer\r\nWhat is He?,"Helium, a gas"\r\nWhat is Li?,\r\n"What\nis Na?",Sodium\r\n'
    const mapping = { shape: 'columns', user: 'question', assistant: 'answer' } as const
    const plan = {
      container: 'csv',
      mapping: { ...mapping, system: null, systemText: 'Be brief.', rejected: null, weight: null },
    } as const
    const { id, added, refusedCount, refused } = await importDataset(
      incoming(csv, { name: 'table.csv', plan }),
    )
    expect({ added, refusedCount }).toEqual({ added: 2, refusedCount: 1 })
    expect(refused).toMatchObject([{ line: 3 }])
    const rows = String(await exportedBytes(id))
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row))
    expect(rows[1]).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What\nis Na?' },
        { role: 'assistant', content: 'Sodium' },
      ],
    })
    expect((await listDatasets()).map(({ name }) => name)).toContain('table')
  })

  it('of which no record fits is refused, and leaves nothing', async () => {
    const before = await leftovers()
    const mapping = { shape: 'columns', user: 'a', assistant: 'b' } as const
    const plan = {
      container: 'csv',
      mapping: { ...mapping, system: null, systemText: null, rejected: null, weight: null },
    } as const
    await expect(importDataset(incoming('x,y\n1,2\n', { plan }))).rejects.toMatchObject({ code: 'invalid' })
    expect(await leftovers()).toEqual(before)
  })
})

describe('an import counts over the whole file', () => {
  const columns = { shape: 'columns', user: 'question', assistant: 'answer' } as const
  const mapping = { ...columns, system: null, systemText: null, rejected: null, weight: null }

  it('what no row holds, also where only a late record says it', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => `Q${n},A${n},${n === 2_999 ? 'late' : ''}`)
    const csv = `question,answer,note\n${rows.join('\n')}\n`
    const plan = { container: 'csv', mapping } as const
    const { added, left } = await importDataset(incoming(csv, { plan }))
    expect(added).toBe(3_000)
    expect(left).toMatchObject([{ path: 'note', count: 1, sample: 'late' }])
  })

  it('rows without the blank lines between them', async () => {
    const { added, blank, id } = await importDataset(incoming(`${line(1)}\n\n${line(2)}`))
    expect({ added, blank }).toEqual({ added: 2, blank: 2 })
    expect(String(await exportedBytes(id))).toBe(`${line(1)}\n\n${line(2)}`)
  })

  it('disliked answers apart from what is missing', async () => {
    const records = [true, false].map((label) => JSON.stringify({ prompt: 'Q', completion: 'A', label }))
    const thumbs = { shape: 'thumbs', label: 'label', keep: 'liked' } as const
    const plan = { container: 'jsonl', mapping: thumbs } as const
    const imported = await importDataset(incoming(records.join('\n'), { plan }))
    expect(imported).toMatchObject({ added: 1, refusedCount: 0, notes: { 'disliked-left-out': 1 } })
  })
})

describe('a new dataset', () => {
  // The worker compares the rows as they come in; here they are read from the disk again.
  it('is compared as if its rows were read again', async () => {
    const odd = ['', '{"messages": [', '{}', '  "role": 1]}', '{"messages":[]}', 'nothing', line(3).trimEnd()]
    const file = `\ufeff${text(12)}${odd.join('\r\n')}\n${text(4)}`
    const { id } = await importDataset(incoming(file, { split: { trainRows: 14 } }))
    const kept = await studio()
      .selectFrom('datasets')
      .select('summary_revision')
      .where('id', '=', id)
      .execute()
    expect(kept).toEqual([{ summary_revision: 1 }])
    const db = new DatabaseSync(path.join(folder, 'studio.db'))
    const again = await fullReport(
      { datasetId: id, revision: 1 },
      contextOf(db, new AbortController().signal),
    )
    db.close()
    const { report } = await getDataset(id)
    expect(report).toEqual(JSON.parse(JSON.stringify(again.report)))
    expect(report.byRule).toMatchObject({ bom: 1, 'blank-line': 1, 'leak-into-heldout': 5 })
  })

  it('has rows whose ids sort as they came', async () => {
    const { id } = await importDataset(incoming(text(5)))
    await importRows(id, incoming(text(5)))
    const rows = await studio()
      .selectFrom('dataset_rows')
      .select(['key', 'since'])
      .where('dataset_id', '=', id)
      .orderBy('key')
      .execute()
    expect(rows.map(({ since }) => Number(since))).toEqual([...Array(5).fill(1), ...Array(5).fill(2)])
    for (const { key } of rows) expect(key).toMatch(/^row_[0-9A-Za-z]{24}$/)
    expect(new Set(rows.map(({ key }) => key)).size).toBe(10)
  })
})

describe('a file that is one object', () => {
  const list = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => line(from + n).trimEnd()).join(',\n')
  // Held-out rows stand first, and a list that is left out between them.
  const file = `{"version": [1, {"a": "]"}],\n"test": [${list(0, 3)}],\n"junk": [${list(3, 4)}],\n"train": [${list(4, 9)}], "note": "n"}`
  const lists = [
    { name: 'test', split: 'heldout' },
    { name: 'junk', split: 'leave' },
    { name: 'train', split: 'train' },
  ] as const
  const plan = { container: 'json', mapping: { shape: 'lines' }, lists } as const

  it('brings each list to its side', async () => {
    const { id, left } = await importDataset(incoming(file, { plan }))
    const summary = await getDatasetSummary(id)
    expect([summary.train.examples, summary.heldout.examples]).toEqual([5, 3])
    expect(String(await exportedBytes(id))).toBe([4, 5, 6, 7, 8, 0, 1, 2].map(line).join(''))
    expect(left.map(({ path, count }) => [path, count])).toEqual([
      ['note', 1],
      ['version', 1],
      ['junk', 1],
    ])
  })
})

describe('an export in another format', () => {
  it('names what it cannot hold, and leaves out no more', async () => {
    const weighted = line(2).replace('"Answer 15838"', '"Answer", "weight": 0')
    const { id } = await importDataset(incoming(`${line(1)}${weighted}\n{"messages": 1}\n`))
    const choice = { format: 'gemini' } as const
    expect(answerOf(ExportLosses, await exportLosses(id, choice))).toEqual({
      kept: 2,
      lost: { weights: 1 },
      leftOut: { invalid: 1 },
    })
    const { filename, bytes } = await exportDataset(id, choice)
    expect(filename).toBe('file-gemini.jsonl')
    const text = Buffer.concat(await Array.fromAsync(bytes)).toString()
    expect(
      text
        .trim()
        .split('\n')
        .map((row) => JSON.parse(row).contents.length),
    ).toEqual([2, 2])
  })

  it('can be asked over HTTP, and refuses a format that nobody knows', async () => {
    const { id } = await importDataset(incoming(text(2)))
    const ask = (query: string) =>
      GET(new Request(`http://localhost/api/datasets/${id}/export?${query}`), {
        params: Promise.resolve({ datasetId: id }),
      })
    const table = await ask('format=csv')
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await table.text()).toBe(
      'system,question,answer,weight\r\n,Question 0,Answer 0,\r\n,Question 1,Answer 7919,\r\n',
    )
    expect((await ask('format=word')).status).toBe(400)
  })
})
