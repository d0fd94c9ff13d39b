import { afterAll, beforeAll, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import type { RowsPage } from '#lib/datasets/schema.ts'
import type { EvalSummary } from '#lib/evals/schema.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { until } from '../support/until.ts'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => discard(studio))

/** ms; every request here is quick: one without an answer by then never gets one. */
const PATIENCE = 300_000

/** A pattern that looks for blanks before a dash tries every one of these as a beginning. */
const RUN_OF_BLANKS = `a${' '.repeat(1_000_000)}b`

async function call(path: string, { method = 'GET', body }: { method?: string; body?: string } = {}) {
  const response = await fetch(`${studio.url}${path}`, {
    method,
    body,
    headers: { 'sec-fetch-site': 'same-origin', ...(body ? { 'content-type': 'application/json' } : {}) },
    signal: AbortSignal.timeout(PATIENCE),
  })
  const text = await response.text()
  expect(response.status, text.slice(0, 500)).toBeLessThan(300)
  return text
}

const read = async <Answer>(path: string): Promise<Answer> => JSON.parse(await call(path))
const send = async <Answer>(path: string, body: object, method = 'POST'): Promise<Answer> =>
  JSON.parse(await call(path, { method, body: JSON.stringify(body) }))

const line = (n: number, answer: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `What is element ${n}?` },
      { role: 'assistant', content: answer },
    ],
  })

/** Eleven rows to train on, the hostile one among them, and three held out. */
async function hostileDataset(): Promise<string> {
  const answers = Array.from({ length: 11 }, (_, n) => (n === 4 ? RUN_OF_BLANKS : `a metal ${n}`))
  const response = await fetch(`${studio.url}/api/datasets/import?name=hostile.jsonl`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/octet-stream' },
    body: answers.map((answer, n) => line(n, answer)).join('\n'),
  })
  const last = (await response.text()).trim().split('\n').at(-1) ?? ''
  const id = /"id":"([^"]+)"/.exec(last)?.[1] ?? ''
  expect(id, last).not.toBe('')
  for (let n = 0; n < 3; n++)
    await send(`/api/datasets/${id}/rows`, { line: line(50 + n, 'a gas'), split: 'heldout' })
  return id
}

const untilSwept = (jobId: string): Promise<EvalSummary> =>
  until('the comparison of the checkpoints', async () => {
    const { status } = await read<{ status: string }>(`/api/jobs/${jobId}`)
    expect(['failed', 'cancelled']).not.toContain(status)
    const [sweep] = await read<EvalSummary[]>(`/api/evals?job=${jobId}`)
    return sweep?.state === 'done' && sweep
  })

test('the first page is served whatever its row contains', async () => {
  const { id } = await send<{ id: string }>('/api/datasets/sample', {})
  const [row] = (await read<RowsPage>(`/api/datasets/${id}/rows?offset=0&limit=1`)).rows
  const hostile = line(1, `${RUN_OF_BLANKS} - ${RUN_OF_BLANKS}`)
  await send(`/api/datasets/${id}/rows/${row?.id}`, { revision: row?.revision, line: hostile }, 'PATCH')
  expect(await call('/')).toContain('What is element 1?')
})

test('a row with a million blanks is trained on and graded by while everything else is answered, also after a restart', async () => {
  const datasetId = await hostileDataset()
  expect(await read(`/api/evals/graders?dataset=${datasetId}`)).toMatchObject([{ kind: 'similarity' }])
  const { id: jobId } = await send<{ id: string }>('/api/jobs', {
    id: newJobId(),
    providerId: 'embedded',
    model: 'limerick-base',
    suffix: 'hostile',
    seed: 1,
    training: { datasetId, split: 'train' },
    validation: { datasetId, split: 'heldout' },
    hyperparameters: { nEpochs: 1, batchSize: 2, learningRateMultiplier: 'auto' },
  })
  const sweep = await untilSwept(jobId)
  expect(sweep.columns.map(({ n }) => n)).toEqual(sweep.columns.map(() => 3))
  await studio.stop()
  studio = await startStudio({ dataFolder: studio.dataFolder, port: studio.port })
  expect(await read<EvalSummary[]>(`/api/evals?job=${jobId}`)).toMatchObject([
    { id: sweep.id, state: 'done' },
  ])
})
