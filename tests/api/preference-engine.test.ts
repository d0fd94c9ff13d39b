/** Preference pairs at the built-in engine: judged, estimated, launched, and shown step by step. */
import { expect, test } from 'vitest'
import type { AppError } from '#lib/core/errors.ts'
import { addRow } from '#lib/datasets/edit-row.ts'
import { estimate } from '#lib/datasets/estimate.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { verdict } from '#lib/datasets/verdict.ts'
import { getBatchRows } from '#lib/jobs/batch-rows.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'
import { until } from '../support/until.ts'

await setUpStudio({ baseURL: 'http://127.0.0.1:9/v1', key: 'sk-a-key-of-this-test-0001' })
await setUpEngine()

const said = (content: string) => [{ role: 'assistant', content }]
const pair = (question: string, chosen: string, rejected: string) =>
  JSON.stringify({
    input: { messages: [{ role: 'user', content: question }] },
    preferred_output: said(chosen),
    non_preferred_output: said(rejected),
  })
const pairs = Array.from({ length: 10 }, (_, at) =>
  pair(`Is ${at} even?`, `Yes, ${at} may be.`, 'I like sums.'),
)
const chats = Array.from({ length: 10 }, (_, at) =>
  JSON.stringify({ messages: [{ role: 'user', content: `Is ${at} even?` }, ...said(`Yes, ${at} may be.`)] }),
)

async function datasetOf(name: string, lines: readonly string[]): Promise<string> {
  const { id } = await createDataset({ name })
  for (const line of lines) await addRow(id, { line })
  return id
}

const launch = (datasetId: string) =>
  launchJob(
    jobDraft(datasetId, { hyperparameters: { nEpochs: 2, batchSize: 2, learningRateMultiplier: 'auto' } }),
  ).catch((thrown: AppError) => thrown)

const here = { providerId: 'embedded', model: 'limerick-base', split: 'train' } as const

test('a job trains, and each step has its rewards', async () => {
  const id = await datasetOf('pairs', pairs)
  expect((await verdict(id, here)).groups).toEqual([])
  const launched = await launch(id)
  if ('code' in launched) throw launched
  const stop = new AbortController()
  const following = startSyncLoop(stop.signal)
  try {
    const job = await until('the job ends', async () => {
      const found = await getJob(launched.id)
      return found.status === 'succeeded' && found
    })
    const set = { nEpochs: 2, batchSize: 2, learningRateMultiplier: 1, learningRate: null, beta: 0.1 }
    expect(job.hyperparameters).toEqual({ ...set, auto: ['learningRateMultiplier', 'beta'] })
    expect(job.totalSteps).toBe(10)
    const [first, last] = [await getBatchRows(job.id, 1), await getBatchRows(job.id, 10)]
    expect(first.trainLoss).toBeCloseTo(Math.LN2, 3)
    expect(first.rewards?.margin).toBeCloseTo(0, 3)
    expect(last.rewards?.margin).toBeGreaterThan(0.05)
    expect(last.rewards?.accuracy).toBe(1)
    expect(last.rows).toHaveLength(2)
    expect(last.rows?.[0]).toMatchObject({
      question: expect.stringContaining('even'),
      answer: expect.stringContaining('may be'),
    })
  } finally {
    stop.abort()
    await following
  }
})

test('takes longer than answers alone, and memory for two conversations at once', async () => {
  const at = async (id: string) =>
    (await estimate(id)).destinations.find(({ model }) => model === 'limerick-base')
  const [alone, both] = [await at(await datasetOf('alone', chats)), await at(await datasetOf('both', pairs))]
  expect(both?.available).toMatchObject({ ok: true })
  // Two conversations, each also read for its margin.
  const ratio = (both?.seconds ?? 0) / (alone?.seconds ?? 1)
  expect(ratio).toBeGreaterThan(2)
  expect(ratio).toBeLessThan(4)
  const memory = (both?.needs?.memory ?? 0) / (alone?.needs?.memory ?? 1)
  expect(memory).toBeGreaterThan(1.1)
  expect(memory).toBeLessThan(1.5)
})

test('an answer beyond the context is known before the start', async () => {
  const long = pair('Is it so?', 'It is so.', 'It is so. '.repeat(300))
  const part = await verdict(await datasetOf('part', [...pairs, long]), here)
  expect(part.groups).toMatchObject([{ rule: 'over-context', severity: 'warning', count: 1 }])
  const beyond = pair('Is it so? '.repeat(300), 'It is so.', 'It is not.')
  const id = await datasetOf('beyond', [...pairs, beyond])
  expect((await verdict(id, here)).groups).toMatchObject([
    { rule: 'over-context', severity: 'error', issues: [{ row: 11 }] },
  ])
  expect(await launch(id)).toMatchObject({ code: 'invalid', param: 'training.datasetId' })
})
