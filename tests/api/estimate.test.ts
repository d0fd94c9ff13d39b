import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import type { Destination, Estimate } from '#lib/datasets/estimate-schema.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { Measurement } from '#lib/models/schema.ts'
import { setPrice } from '#lib/providers/training-price-list.ts'
import { GET } from '../../app/api/datasets/[datasetId]/estimate/route.ts'
import { POST } from '../../app/api/models/measure/route.ts'
import { elleTraining } from '../support/elle.ts'
import { ended, upload } from '../support/engine.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

/** A server that lists two models, or never answers. */
let hangs = false
let asked = 0
const distant = http.createServer((request, response) => {
  asked++
  if (hangs) return
  const data = [
    { id: 'small-1', object: 'model', shutdown_date: '2099-01-01' },
    { id: 'ft:small-1:org:elle:AbCd1234', object: 'model' },
  ]
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ object: 'list', data: request.url?.endsWith('/models') ? data : [] }))
})
await new Promise<void>((resolve) => distant.listen(0, '127.0.0.1', resolve))
const { port } = distant.address() as AddressInfo
await setUpStudio({ baseURL: `http://127.0.0.1:${port}/v1`, key: 'sk-a-key-of-this-test-0001' })
const engine = await setUpEngine()
const { id: datasetId } = await loadSample()

afterAll(async () => {
  distant.closeAllConnections()
  distant.close()
})

async function estimate(query = '', id = datasetId): Promise<Estimate> {
  const response = await GET(new Request(`http://localhost/api/datasets/${id}/estimate${query}`), {
    params: Promise.resolve({ datasetId: id }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Estimate
}
const at = ({ destinations }: Estimate, model: string): Destination | undefined =>
  destinations.find((destination) => destination.model === model)

test('tells what training takes of this computer, and of another none', async () => {
  const told = await estimate()
  expect(at(told, 'small-1')?.needs).toBeNull()
  const { memory = 0, freeMemory = 0, disk = 0, longestRow = 0 } = at(told, 'limerick-base')?.needs ?? {}
  // Weights, gradients and two moments of 5 million numbers, and some 160 MB of the process.
  expect(memory).toBeGreaterThan(160e6 + 4 * 4 * 5e6)
  expect(memory).toBeLessThan(freeMemory)
  expect(disk).toBeGreaterThan(3 * 4 * 5e6)
  expect(longestRow % 32).toBe(0)
  expect(longestRow).toBeGreaterThan(512)
})

test('tells what the train split comes to here and elsewhere', async () => {
  const { train } = await getDatasetSummary(datasetId)
  const told = await estimate()
  expect(told).toMatchObject({
    examples: 10,
    tokensPerEpoch: train.tokens,
    trainedTokens: train.trainedTokens,
    epochs: { value: 14, auto: true, reason: 'few' },
  })
  expect(told.destinations.map(({ model }) => model)).toEqual(['limerick-base', 'small-1'])
  expect(at(told, 'limerick-base')).toMatchObject({
    ...{
      providerId: 'embedded',
      epochs: 14,
      billedTokens: train.tokens * 14,
      measured: false,
      verdict: { rows: 10, context: 512, groups: [] },
    },
    price: { microDollars: 0, perMillion: 0 },
    available: { ok: true, reason: null },
  })
  expect(at(told, 'small-1')).toMatchObject({
    ...{
      providerId: 'compatible',
      billedTokens: train.tokens * 10,
      price: null,
      seconds: null,
      verdict: { context: null, groups: [] },
    },
    shutdownDate: '2099-01-01',
    available: { ok: true, reason: 'closing', date: '2099-01-01' },
  })
})

test('time is told in the model’s own tokens, of which there are more', async () => {
  const { data } = await engine.client.models.list()
  const speed = (data[0] as unknown as { limerick: { training: { tokens_per_second: number } } }).limerick
    .training
  const told = at(await estimate('?validation=0'), 'limerick-base')
  const asOpenAI = (told?.billedTokens ?? 0) / speed.tokens_per_second
  expect(told?.seconds).toBeGreaterThan(asOpenAI)
  expect(told?.seconds).toBeLessThan(asOpenAI * 4)
})

test('time of validation is counted: by default on the held-out rows, read once an epoch', async () => {
  const secondsOf = async (query = '') => at(await estimate(query), 'limerick-base')?.seconds ?? 0
  const [none, usual] = [await secondsOf('?validation=0'), await secondsOf()]
  const { tokensPerEpoch } = await estimate()
  expect(usual).toBeGreaterThan(none)
  // As many tokens as are trained on: two fifths of the time, and a little for the small validations.
  const share = (await secondsOf(`?validation=${tokensPerEpoch}`)) / none - 1
  expect(share).toBeGreaterThan(0.4)
  expect(share).toBeLessThan(0.45)
})

test('epochs that are asked for are counted as set', async () => {
  const told = await estimate('?epochs=3')
  expect(told.epochs).toEqual({ value: 3, auto: false, reason: null })
  expect(at(told, 'limerick-base')).toMatchObject({ epochs: 3, billedTokens: told.tokensPerEpoch * 3 })
})

test('a price that is set here counts', async () => {
  await setPrice({
    ...{ providerId: 'compatible', model: 'small', perMillion: 1_000_000 },
    ...{ asOf: '2026-11-22', source: 'our invoice' },
  })
  const told = await estimate()
  const tokens = told.tokensPerEpoch * 10
  expect(at(told, 'small-1')?.price).toEqual({
    ...{ microDollars: tokens, perMillion: 1_000_000, asOf: '2026-11-22', source: 'our invoice', own: true },
  })
})

test('the trade-off speaks of the model that was asked for, also of one that was made here', async () => {
  const tuned = 'ft:small-1:org:elle:AbCd1234'
  const told = await estimate(`?model=${encodeURIComponent(tuned)}`)
  expect(at(told, tuned)).toBeDefined()
  const { tradeOff, tokensPerEpoch } = told
  expect(tradeOff.map(({ rows, epochs }) => [rows, epochs])).toEqual([
    ...[1, 20, 40].map((epochs) => [5, epochs]),
    ...[1, 10, 20].map((epochs) => [10, epochs]),
    ...[1, 5, 10].map((epochs) => [20, epochs]),
  ])
  expect(tradeOff.find(({ rows, epochs }) => rows === 10 && epochs === 1)).toMatchObject({
    billedTokens: tokensPerEpoch,
    price: { microDollars: tokensPerEpoch },
    seconds: null,
  })
})

test('rows beyond a model’s context are told', async () => {
  const { id } = await createDataset({ name: 'long' })
  const line = (content: string) =>
    JSON.stringify({
      messages: [
        { role: 'user', content },
        { role: 'assistant', content: 'Yes' },
      ],
    })
  await addRow(id, { line: line('Is this short?') })
  await addRow(id, { line: line('Is this far too long for a small model? '.repeat(100)) })
  const { verdict } = at(await estimate('', id), 'limerick-base') as Destination
  expect(verdict).toMatchObject({
    rows: 2,
    groups: [
      {
        rule: 'over-context',
        severity: 'error',
        count: 1,
        issues: [{ line: 2, row: 2, values: { left: 0 } }],
      },
      { rule: 'too-few-rows' },
    ],
  })
})

test('one step is measured on request, and the estimate is based on it', async () => {
  const post = (body: object) =>
    POST(
      new Request('http://localhost/api/models/measure', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
      {},
    )
  const { tokensPerSecond } = Measurement.parse(
    await (await post({ providerId: 'embedded', model: 'limerick-base' })).json(),
  )
  const { seconds, billedTokens, measured } = at(await estimate(), 'limerick-base') as Destination
  expect(measured).toBe(true)
  expect((seconds ?? 0) * tokensPerSecond).toBeGreaterThan(billedTokens / 2)
  expect((await post({ providerId: 'compatible', model: 'small-1' })).status).toBe(400)
})

test('after a run the time rests on what was measured here', async () => {
  const before = at(await estimate(), 'limerick-base')?.seconds
  const training_file = await upload(engine.client, elleTraining().trimEnd().split('\n'))
  const hyperparameters = { n_epochs: 1, batch_size: 10 }
  const job = await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file,
    hyperparameters,
  })
  await ended(engine.client, job.id)
  const { measured, seconds } = at(await estimate(), 'limerick-base') as Destination
  expect(measured).toBe(true)
  expect(seconds).not.toBe(before)
})

test('a dataset without rows comes to nothing', async () => {
  const { id } = await createDataset({ name: 'empty' })
  const told = await estimate('', id)
  expect(told).toMatchObject({ examples: 0, tokensPerEpoch: 0, tradeOff: [] })
  expect(at(told, 'limerick-base')).toMatchObject({ billedTokens: 0, seconds: 0 })
})

test('a provider that hangs is named, and not waited for twice', async () => {
  hangs = true
  // What was heard a moment ago is still believed.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
  const before = asked
  const told = await estimate()
  await estimate()
  vi.useRealTimers()
  expect(told.destinations.map(({ model }) => model)).toEqual(['limerick-base', null])
  expect(told.destinations[1]?.available).toEqual({ ok: false, reason: 'silent', date: null })
  expect(asked - before).toBe(1)
})
