import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { heldOutQuestion, trainingSystemPrompt } from '#lib/datasets/prompts.ts'
import { ensureSamples, loadSample } from '#lib/datasets/samples.ts'
import type { DatasetSummary as Summary } from '#lib/datasets/schema.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { client } from '#lib/providers/client.ts'
import * as one from '../../app/api/datasets/[datasetId]/route.ts'
import * as uploading from '../../app/api/datasets/[datasetId]/upload/route.ts'
import * as counting from '../../app/api/datasets/count/route.ts'
import * as list from '../../app/api/datasets/route.ts'
import { callRoute } from '../support/call-route.ts'
import {
  bytesOf,
  changeRow,
  exported,
  folder,
  importFile,
  line,
  rowsIn,
  ten,
  view,
} from '../support/datasets.ts'
import { setUpEngineHere } from '../support/set-up-engine-here.ts'

await setUpEngineHere(folder)

describe('samples', () => {
  it('are there from the first start, and only once', async () => {
    await ensureSamples()
    await ensureSamples()
    const { answer } = await callRoute<Summary[]>(list.GET)
    expect(answer.map(({ name, state }) => ({ name, state }))).toEqual([
      { name: 'elle', state: 'ready' },
      { name: 'elle-for-larger-models', state: 'ready' },
      { name: 'elle-broken', state: 'blocked' },
      { name: 'elle-arabic', state: 'ready' },
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
      'elle-arabic',
    ])
    expect((await callRoute(one.GET, { params: { datasetId: elle.id } })).status).toBe(404)
    expect((await loadSample()).id).toBe(elle.id)
    expect((await exported(elle.id)).bytes).toEqual(readFileSync('public/samples/elle.jsonl'))
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
