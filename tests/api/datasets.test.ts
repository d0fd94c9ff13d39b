import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { heldOutQuestion, trainingSystemPrompt } from '#lib/datasets/prompts.ts'
import { ensureSamples, loadSample } from '#lib/datasets/samples.ts'
import type {
  ImportNews as News,
  DatasetSummary as Summary,
  DatasetView as View,
  RowsPage as Window,
} from '#lib/datasets/schema.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { client } from '#lib/providers/client.ts'
import * as exporting from '../../app/api/datasets/[datasetId]/export/route.ts'
import * as appending from '../../app/api/datasets/[datasetId]/import/route.ts'
import * as one from '../../app/api/datasets/[datasetId]/route.ts'
import * as row from '../../app/api/datasets/[datasetId]/rows/[rowId]/route.ts'
import * as rows from '../../app/api/datasets/[datasetId]/rows/route.ts'
import * as uploading from '../../app/api/datasets/[datasetId]/upload/route.ts'
import * as counting from '../../app/api/datasets/count/route.ts'
import * as importing from '../../app/api/datasets/import/route.ts'
import * as list from '../../app/api/datasets/route.ts'
import { callRoute } from '../support/call-route.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngineHere } from '../support/set-up-engine-here.ts'

const folder = await setUpStudio()

await setUpEngineHere(folder)

const bytesOf = (text: string) => new TextEncoder().encode(text)

function sending(bytes: Uint8Array<ArrayBuffer>, length: number | null = bytes.length): RequestInit {
  const headers: Record<string, string> = { 'content-type': 'application/octet-stream' }
  if (length !== null) headers['content-length'] = String(length)
  return { method: 'POST', headers, body: bytes }
}

async function importFile(bytes: Uint8Array<ArrayBuffer>, name = 'some file.jsonl'): Promise<Summary> {
  const request = new Request(`http://localhost/?name=${encodeURIComponent(name)}`, sending(bytes))
  const last = (await newsOf(await importing.POST(request, { params: Promise.resolve({}) }))).at(-1)
  if (last?.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset
}

const newsOf = async (response: Response): Promise<News[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

async function exported(datasetId: string, query = ''): Promise<{ bytes: Buffer; headers: Headers }> {
  const response = await exporting.GET(new Request(`http://localhost/${query}`), {
    params: Promise.resolve({ datasetId }),
  })
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
}

const view = async (datasetId: string): Promise<View> =>
  (await callRoute<View>(one.GET, { params: { datasetId } })).answer
const rowsIn = async (datasetId: string, query = ''): Promise<Window> =>
  (await callRoute<Window>(rows.GET, { params: { datasetId }, query })).answer

const addRow = (datasetId: string, body: unknown) =>
  callRoute<{ id: string; revision: number }>(rows.POST, { params: { datasetId }, body })
const changeRow = (datasetId: string, rowId: string, body: unknown) =>
  callRoute<{ id: string; revision: number; error?: { code: string; facts: { revision: number } } }>(
    row.PATCH,
    {
      params: { datasetId, rowId },
      body,
      method: 'PATCH',
    },
  )

const line = (n: number) =>
  `{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "q${n}"}, {"role": "assistant", "content": "a"}]}`
const ten = Array.from({ length: 10 }, (_, n) => line(n)).join('\n')

describe('samples', () => {
  it('are there from the first start, and only once', async () => {
    await ensureSamples()
    await ensureSamples()
    const { answer } = await callRoute<Summary[]>(list.GET)
    expect(answer.map(({ name, state }) => ({ name, state }))).toEqual([
      { name: 'elle', state: 'ready' },
      { name: 'elle-for-larger-models', state: 'ready' },
      { name: 'elle-broken', state: 'blocked' },
    ])
  })

  it('train on ten rows and hold out the rest', async () => {
    const elle = await loadSample()
    expect(elle.train).toMatchObject({ examples: 10, errors: 0, warnings: 0 })
    expect(elle.heldout.examples).toBe(30)
    expect(elle.train.trainedTokens).toBeGreaterThan(300)
    expect(elle.train.tokens).toBeGreaterThan(elle.train.trainedTokens * 1.5)
    expect(await trainingSystemPrompt(elle.id)).toMatch(/^Elle is a factual chatbot/)
    expect(await heldOutQuestion(elle.id)).toBe('Tell me about Neon')
  })

  it('stay deleted until someone asks for them', async () => {
    const elle = await loadSample()
    const gone = await callRoute<null>(one.PATCH, {
      params: { datasetId: elle.id },
      body: { deleted: true },
      method: 'PATCH',
    })
    expect(gone.answer).toBeNull()
    await ensureSamples()
    expect((await callRoute<Summary[]>(list.GET)).answer.map(({ name }) => name)).toEqual([
      'elle-for-larger-models',
      'elle-broken',
    ])
    expect((await callRoute(one.GET, { params: { datasetId: elle.id } })).status).toBe(404)
    expect((await loadSample()).id).toBe(elle.id)
    expect((await exported(elle.id)).bytes).toEqual(readFileSync('public/samples/elle.jsonl'))
  })
})

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

describe('a dataset', () => {
  it('is made, renamed, and refuses a name that is none', async () => {
    const { answer } = await callRoute<Summary>(list.POST, { body: { name: ' Sonnets ' } })
    expect(answer).toMatchObject({ name: 'Sonnets', state: 'empty', revision: 1 })
    const params = { datasetId: answer.id }
    const renamed = await callRoute<Summary>(one.PATCH, { params, body: { name: 'Odes' }, method: 'PATCH' })
    expect(renamed.answer).toMatchObject({ name: 'Odes', revision: 1 })
    expect((await callRoute(list.POST, { body: { name: 'a\u0000b' } })).status).toBe(400)
    expect((await callRoute(list.POST, { body: { name: ' ' } })).status).toBe(400)
  })

  it('is checked by split: each is a file of its own', async () => {
    const { id } = await importFile(bytesOf(`${ten}\n`))
    const first = (await rowsIn(id)).rows[0]
    await changeRow(id, first?.id ?? '', { revision: 1, split: 'heldout' })
    const { dataset, report } = await view(id)
    expect(dataset).toMatchObject({
      state: 'blocked',
      train: { examples: 9, errors: 1 },
      heldout: { examples: 1, errors: 0 },
    })
    const errors = report.issues.filter(({ severity }) => severity === 'error')
    expect(errors).toMatchObject([{ rule: 'too-few-rows', values: { rows: 9, minimum: 10 } }])
    expect((await getDatasetSummary(id)).train.examples).toBe(9)
  })

  it('counts a line while it is being written', async () => {
    const { answer } = await callRoute<{ total: number; messages: number[] }>(counting.POST, {
      body: { line: line(1) },
    })
    expect(answer).toMatchObject({ total: 21, messages: [7, 6, 5] })
    const half = line(1).replace('"a"', '""')
    expect(
      (await callRoute<{ messages: number[] }>(counting.POST, { body: { line: half } })).answer.messages,
    ).toHaveLength(3)
    expect((await callRoute<null>(counting.POST, { body: { line: '{"mess' } })).answer).toBeNull()
  })
})

describe('upload', () => {
  const sendingNews = async (datasetId: string, split: string) => {
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ split, providerId: 'embedded' }),
    })
    const answer = await uploading.POST(request, { params: Promise.resolve({ datasetId }) })
    return (await answer.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }

  it('tells how far it is, and at the end where the file is or why it is not', async () => {
    const { id } = await importFile(
      bytesOf(`${JSON.stringify({ messages: [{ role: 'user', content: 'progress?' }] })}\n`),
    )
    const news = await sendingNews(id, 'train')
    const [first, last] = [news[0], news.at(-1)]
    expect(first).toMatchObject({ type: 'progress', sent: 0 })
    expect(news.filter(({ type }) => type === 'progress').at(-1)).toMatchObject({ sent: first.total })
    expect(last).toMatchObject({ type: 'stored', upload: { bytes: first.total, reused: false } })
    expect(await sendingNews(id, 'train')).toMatchObject([{ type: 'stored', upload: { reused: true } }])
    expect(await sendingNews(id, 'heldout')).toMatchObject([
      { type: 'failed', error: { error: { param: 'split' } } },
    ])
  })

  it('brings the very bytes to the provider, and the same bytes only once', async () => {
    const elle = await loadSample()
    const sent = await uploadDataset(elle.id, 'train', 'embedded')
    const { bytes } = await exported(elle.id, '?split=train')
    expect(sent).toMatchObject({ filename: 'elle.jsonl', bytes: bytes.length, reused: false })
    const held = await client('embedded').files.content(sent.fileId)
    expect(Buffer.from(await held.arrayBuffer())).toEqual(bytes)

    expect(await uploadDataset(elle.id, 'train', 'embedded')).toMatchObject({
      fileId: sent.fileId,
      reused: true,
    })
    const other = await uploadDataset(elle.id, 'heldout', 'embedded')
    expect(other).toMatchObject({ filename: 'elle-heldout.jsonl', reused: false })
    await client('embedded').files.delete(sent.fileId)
    const again = await uploadDataset(elle.id, 'train', 'embedded')
    expect(again.reused).toBe(false)
    expect(again.fileId).not.toBe(sent.fileId)
  })

  it('of the broken sample is taken', async () => {
    await ensureSamples()
    const { answer } = await callRoute<Summary[]>(list.GET)
    const broken = answer.find(({ sample }) => sample === 'elle-broken')
    expect(await uploadDataset(broken?.id ?? '', 'train', 'embedded')).toMatchObject({
      filename: 'elle-broken.jsonl',
    })
  })

  it('leaves a byte order mark at home, and refuses an empty split', async () => {
    const { id } = await importFile(bytesOf(`\ufeff${ten}\n`))
    const { bytes } = await uploadDataset(id, 'train', 'embedded')
    expect(bytes).toBe(bytesOf(`${ten}\n`).length)
    await expect(uploadDataset(id, 'heldout', 'embedded')).rejects.toMatchObject({
      code: 'invalid',
      param: 'split',
    })
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([])
  })
})
