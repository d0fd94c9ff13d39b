import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobDetail } from '#lib/jobs/schema.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'
import { jobDraft } from '../support/job-draft.ts'
import { sessionOf } from '../support/session.ts'
import { discard, type LoneEngine, type Studio, startLoneEngine, startStudio } from '../support/studio.ts'
import { until } from '../support/until.ts'

let engine: LoneEngine
let studio: Studio
beforeAll(async () => {
  ;[engine, studio] = await Promise.all([startLoneEngine(), startStudio()])
})
afterAll(async () => {
  await discard(studio)
  await engine.stop()
})

const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
  const headers = { origin: studio.url, 'content-type': 'application/json', ...sessionOf(studio.port) }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const answer = await fetch(`${studio.url}${path}`, init)
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Answer
}

test('without its key it says nothing', async () => {
  const { status } = await fetch(`http://127.0.0.1:${engine.port}/v1/models`)
  expect(status).toBe(401)
})

test('a studio elsewhere adds it as a provider, trains on it and asks the model', async () => {
  const address = `http://127.0.0.1:${engine.port}/v1`
  const connection = { kind: 'limerick', name: 'The big one', address, key: engine.key, nearby: true }
  const providers = await ask<ProviderWithHealth[]>('/api/providers/connections', connection)
  const added = providers.find(({ name }) => name === 'The big one')
  const [dataset] = await ask<{ id: string; name: string }[]>('/api/datasets')
  const draft = jobDraft(dataset?.id ?? '', {
    providerId: added?.id ?? 'limerick-00000000',
    hyperparameters: { nEpochs: 1, batchSize: 5, learningRateMultiplier: 'auto' },
    suffix: 'far',
  })
  const { id } = await ask<JobDetail>('/api/jobs', draft)
  const job = await until('the end of the job', async () => {
    const found = await ask<JobDetail>(`/api/jobs/${id}`)
    return found.status === 'succeeded' && found
  })
  expect(job.fineTunedModel).toMatch(/^ft:limerick-base:limerick:far:/)
  await ask('/api/models/aliases', { ...{ providerId: added?.id, model: job.fineTunedModel }, name: 'far' })
  const { choices } = await studio.sdk().chat.completions.create({
    model: 'far',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 8,
  })
  expect(choices[0]?.message.content).toBeTypeOf('string')
})
