import { readdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import * as appending from '../../app/api/datasets/[datasetId]/import/route.ts'
import * as rows from '../../app/api/datasets/[datasetId]/rows/route.ts'
import * as importing from '../../app/api/datasets/import/route.ts'
import { callRoute } from '../support/call-route.ts'
import {
  bytesOf,
  changeRow,
  exported,
  folder,
  importFile,
  line,
  newsOf,
  rowsIn,
  sending,
  ten,
  view,
} from '../support/datasets.ts'

const addRow = (datasetId: string, body: unknown) =>
  callRoute<{ id: string; revision: number }>(rows.POST, { params: { datasetId }, body })

describe('import and export', () => {
  it.each([
    ['a plain file', `${ten}\n`],
    ['no last line break', ten],
    ['a byte order mark, CRLF and blank lines', `\ufeff${ten.replaceAll('\n', '\r\n')}\r\n\r\n \r\n`],
    ['U+2028, bare CR and odd spacing', `  ${line(1)}\t\n${line(2).replace('"a"', '"a\u2028b"')} \r\n`],
    ['broken lines', `{"messages": [\n]}\nnull\n${line(3)}`],
  ])('gives back %s byte for byte', async (_, text) => {
    const { id } = await importFile(bytesOf(text))
    expect((await exported(id)).bytes.toString('latin1')).toBe(Buffer.from(text).toString('latin1'))
  })

  it('gives back what is not UTF-8, and says where it breaks', async () => {
    const bytes = Uint8Array.from([...bytesOf(`${ten}\n{"a": "`), 0xff, 0xfe, 0x22, 0x7d, 0x0a])
    const { id, state } = await importFile(bytes)
    expect(state).toBe('blocked')
    expect([...(await exported(id)).bytes]).toEqual([...bytes])
    const { report } = await view(id)
    const errors = report.issues.filter(({ severity }) => severity === 'error')
    expect(errors).toMatchObject([{ rule: 'not-utf8', line: 11, column: 8, values: { byte: 7 } }])
    expect((await rowsIn(id)).rows[10]?.text).toBeNull()
  })

  it('keeps nothing of a file that was cut short, and refuses an empty one', async () => {
    const blobs = () => readdirSync(path.join(folder, 'blobs')).length
    const before = blobs()
    for (const [bytes, length] of [
      [bytesOf(ten), 5_000],
      [bytesOf(''), 0],
    ] as const) {
      const response = await importing.POST(new Request('http://localhost/?name=x', sending(bytes, length)), {
        params: Promise.resolve({}),
      })
      expect((await newsOf(response)).at(-1)).toMatchObject({
        type: 'failed',
        error: { error: { code: 'invalid' } },
      })
    }
    expect(blobs()).toBe(before)
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([])
    expect(await studio().selectFrom('datasets').where('revision', '=', 0).select('id').execute()).toEqual([])
  })

  it('takes the name of the file, without what a name may not hold', async () => {
    const { id, name } = await importFile(bytesOf(ten), '../\u0007 Ünder/scores.jsonl')
    expect(name).toBe('../ Ünder/scores')
    const { headers } = await exported(id)
    expect(headers.get('content-disposition')).toBe('attachment; filename="U-nder-scores.jsonl"')
    expect(headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
  })

  it('appends a second file behind the first, whole lines only', async () => {
    const { id } = await importFile(bytesOf(ten))
    const request = new Request(
      'http://localhost/?name=more&split=heldout',
      sending(bytesOf(`\ufeff${line(11)}\n`)),
    )
    const response = await appending.POST(request, { params: Promise.resolve({ datasetId: id }) })
    expect((await newsOf(response)).at(-1)).toMatchObject({
      type: 'done',
      added: 1,
      dataset: { train: { examples: 10 }, heldout: { examples: 1, errors: 0 } },
    })
    expect((await exported(id)).bytes.toString()).toBe(`${ten}\n${line(11)}\n`)
    expect((await exported(id, '?split=heldout')).bytes.toString()).toBe(`${line(11)}\n`)
  })
})

describe('rows', () => {
  it('are written, copied, moved, deleted and brought back', async () => {
    const { id } = await importFile(bytesOf(`${ten}\n`))
    const added = await addRow(id, { split: 'heldout' })
    expect(added.status).toBe(201)
    let window = await rowsIn(id)
    expect(window.total).toBe(11)
    const blank = window.rows.at(-1)
    expect(blank).toMatchObject({ id: added.answer.id, number: 11, split: 'heldout', flag: 'error' })
    expect(blank?.text).toBe(
      '{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": ""}, {"role": "assistant", "content": ""}]}',
    )

    const { revision } = added.answer
    const saved = await changeRow(id, added.answer.id, { revision, line: line(99), split: 'train' })
    expect(saved.answer.revision).toBe(revision + 1)
    const copied = await addRow(id, { copyOf: window.rows[2]?.id })
    window = await rowsIn(id)
    expect(window.rows.map(({ id }) => id)[3]).toBe(copied.answer.id)
    const { issues } = (await view(id)).report
    expect(issues.filter(({ rule }) => rule === 'duplicate').map(({ line }) => line)).toEqual([4])
    expect(window.rows.at(-1)).toMatchObject({ number: 12, split: 'train', tokens: 21 })

    const gone = await changeRow(id, copied.answer.id, { revision: copied.answer.revision, deleted: true })
    expect((await exported(id)).bytes.toString()).toBe(`${ten}\n${line(99)}\n`)
    await changeRow(id, copied.answer.id, { revision: gone.answer.revision, deleted: false })
    expect((await rowsIn(id)).rows.map(({ id }) => id)[3]).toBe(copied.answer.id)
  })

  it('are found by their words, their role, their split and what is wrong with them', async () => {
    const lines = [line(1), line(2), `{"messages": [{"role": "user", "content": "Z\\u00fcrich?"}]}`, line(1)]
    const { id } = await importFile(bytesOf(lines.join('\n')))
    const numbers = async (query: string) => (await rowsIn(id, query)).rows.map(({ number }) => number)
    expect(await numbers('?q=Q2')).toEqual([2])
    expect(await numbers(`?q=${encodeURIComponent('züri')}`)).toEqual([3])
    expect(await numbers('?role=system')).toEqual([1, 2, 4])
    expect(await numbers('?split=heldout')).toEqual([])
    expect(await numbers('?rule=duplicate')).toEqual([4])
    expect(await numbers('?role=system&q=q1')).toEqual([1, 4])
    expect(await rowsIn(id, '?role=system&offset=1&limit=1')).toMatchObject({
      total: 3,
      offset: 1,
      rows: [{ number: 2 }],
    })
  })

  it('refuse the second of two edits made from the same text', async () => {
    const { id } = await importFile(bytesOf(`${ten}\n`))
    const rowId = (await rowsIn(id)).rows[0]?.id ?? ''
    expect((await changeRow(id, rowId, { revision: 1, line: line(50) })).status).toBe(200)
    const late = await changeRow(id, rowId, { revision: 1, line: line(51) })
    expect(late.status).toBe(409)
    expect(late.answer.error).toMatchObject({ code: 'conflict', facts: { revision: 2 } })
    expect((await rowsIn(id)).rows[0]?.text).toBe(line(50))
  })

  it.each([
    ['a line break', { revision: 1, line: 'a\nb' }],
    ['half a character', { revision: 1, line: '\ud800' }],
    ['an unknown split', { revision: 1, split: 'test' }],
    ['no revision', { line: '{}' }],
  ])('refuse %s', async (_, body) => {
    const { id } = await importFile(bytesOf(`${ten}\n`))
    const rowId = (await rowsIn(id)).rows[0]?.id ?? ''
    expect((await changeRow(id, rowId, body)).status).toBe(400)
  })

  it.each([
    ['a row apart', 1],
    ['next to nothing apart', 2 ** -40],
  ])('%s find room between two neighbours a hundred times over', async (_, apart) => {
    const { id } = await importFile(bytesOf(`${ten}\n`))
    await sql`update dataset_rows set position = position * ${apart} where dataset_id = ${id}`.execute(
      studio(),
    )
    const first = (await rowsIn(id)).rows[0]?.id ?? ''
    for (let n = 0; n < 100; n++) await addRow(id, { line: line(1_000 + n), after: first })
    const { rows: found } = await rowsIn(id, '?limit=200')
    expect(found.slice(1, 101).map(({ text }) => text)).toEqual(
      Array.from({ length: 100 }, (_, n) => line(1_099 - n)),
    )
    expect(found.slice(101).map(({ text }) => text)).toEqual(ten.split('\n').slice(1))
  })

  it('come in windows, numbered as in the whole', async () => {
    const { id } = await importFile(bytesOf(Array.from({ length: 30 }, (_, n) => line(n)).join('\n')))
    const { rows: window, total, offset } = await rowsIn(id, '?offset=20&limit=5')
    expect({ total, offset, numbers: window.map(({ number }) => number) }).toEqual({
      total: 30,
      offset: 20,
      numbers: [21, 22, 23, 24, 25],
    })
    expect(window[0]?.text).toBe(line(20))
  })

  it('of another dataset are not to be had', async () => {
    const [a, b] = [await importFile(bytesOf(`${ten}\n`)), await importFile(bytesOf(`${ten}\n`))]
    const rowId = (await rowsIn(a.id)).rows[0]?.id ?? ''
    expect((await changeRow(b.id, rowId, { revision: 1, deleted: true })).status).toBe(404)
    expect((await addRow(b.id, { copyOf: rowId })).status).toBe(404)
  })
})
