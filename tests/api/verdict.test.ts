import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AppError } from '#lib/core/errors.ts'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import type { Verdict } from '#lib/training-data/schema.ts'
import { GET } from '../../app/api/datasets/[datasetId]/verdict/route.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'
import { until } from '../support/until.ts'

// Nobody answers there: what is known of such a server is enough for a verdict.
await setUpStudio({ baseURL: 'http://127.0.0.1:9/v1', key: 'sk-a-key-of-this-test-0001' })
await setUpEngine()

const field = (name: string) => readFileSync(`tests/fixtures/field/${name}`, 'utf8').trim().split('\n')
const asked = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })

async function datasetOf(name: string, lines: readonly string[]): Promise<string> {
  const { id } = await createDataset({ name })
  for (const line of lines) await addRow(id, { line })
  return id
}

async function verdict(id: string, providerId = 'embedded', model = 'limerick-base'): Promise<Verdict> {
  const response = await GET(
    new Request(`http://localhost/api/datasets/${id}/verdict?${new URLSearchParams({ providerId, model })}`),
    { params: Promise.resolve({ datasetId: id }) },
  )
  expect(response.status).toBe(200)
  return (await response.json()) as Verdict
}

const told = ({ groups }: Verdict) => groups.map(({ rule, severity, count }) => [rule, severity, count])

const launch = (datasetId: string) =>
  launchJob(
    jobDraft(datasetId, { hyperparameters: { nEpochs: 1, batchSize: 1, learningRateMultiplier: 'auto' } }),
  ).catch((thrown: AppError) => thrown)

test('after a launch the run names the rows that were cut', async () => {
  const lines = Array.from({ length: 9 }, (_, at) => asked(`Is ${at} even?`, 'It may be.'))
  const id = await datasetOf('cut', [...lines, asked('Is it so?', 'It is so. '.repeat(200))])
  const launched = await launch(id)
  if ('code' in launched) throw launched
  const stop = new AbortController()
  const following = startSyncLoop(stop.signal)
  try {
    await until('the run ends', async () => (await getJob(launched.id)).status === 'succeeded')
    const [cut, ...others] = (await getJob(launched.id)).cuts
    expect(others).toEqual([])
    expect(cut).toMatchObject({ file: 'training_file', context: 512, rows: 10, part: 1, all: 0 })
    expect(cut?.examples).toMatchObject([{ row: 10, line: 10, left: expect.any(Number) }])
    const foreseen = (await verdict(id)).groups[0]?.issues[0]?.values
    expect(cut?.examples[0]).toMatchObject({ lost: foreseen?.lost, left: foreseen?.left })
  } finally {
    stop.abort()
    await following
  }
})

describe('before a launch', () => {
  test('answers beyond the context are an error with their rows, and nothing is started', async () => {
    const id = await datasetOf('beyond', field('41-answer-beyond-context.jsonl'))
    const found = await verdict(id)
    expect(told(found)).toEqual([['over-context', 'error', 10]])
    expect(found).toMatchObject({ rows: 10, context: 512 })
    expect(found.groups[0]?.issues[6]).toMatchObject({ line: 7, row: 7, values: { what: 'all', left: 0 } })
    expect(await launch(id)).toMatchObject({
      code: 'invalid',
      param: 'training.datasetId',
      message:
        'The whole answer is cut off in 10 of 10 rows (1, 2, 3, 4, 5, …): the model reads 512 tokens of a row, so nothing is left to train on.',
    })
    expect((await listJobs()).filter(({ datasetId }) => datasetId === id)).toEqual([])
  })

  test('the same rows fit where the context is longer', async () => {
    const id = await datasetOf('fits', field('41-answer-beyond-context.jsonl'))
    expect(told(await verdict(id, 'compatible', 'gpt-4.1-mini'))).toEqual([])
  })

  test('a part that is cut is told in tokens of the model’s own', async () => {
    const lines = Array.from({ length: 9 }, (_, at) => asked(`Is ${at} even?`, 'It may be.'))
    const long = asked('Is it so?', 'It is so. '.repeat(200))
    const id = await datasetOf('part', [...lines, long])
    const found = await verdict(id)
    expect(told(found)).toEqual([['over-context', 'warning', 1]])
    const { row, values } = found.groups[0]?.issues[0] ?? {}
    expect(row).toBe(10)
    expect(Number(values?.tokens) - 512).toBe(Number(values?.lost) + 1) // the line break behind the answer
  })

  test('function calls are known before the start, by the words of the same rule', async () => {
    const id = await datasetOf('functions', field('22-legacy-function-call.jsonl'))
    expect(told(await verdict(id))).toEqual([['tools-unsupported', 'error', 10]])
    expect(told(await verdict(id, 'compatible', 'gpt-4.1-mini'))).toEqual([])
    expect(await launch(id)).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('this model does not support tools'),
    })
  })

  test('five rows are too few', async () => {
    const id = await datasetOf('five', field('43-five-examples.jsonl'))
    const found = await verdict(id)
    expect(told(found)).toEqual([['too-few-rows', 'error', 1]])
    expect(found.groups[0]?.issues[0]?.values).toEqual({ rows: 5, minimum: 10 })
  })
})
