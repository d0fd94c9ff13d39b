import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { POST as tokens } from '../../app/api/datasets/tokens/route.ts'
import { GET as jobs } from '../../app/api/jobs/route.ts'
import { GET as standing } from '../../app/api/playground/standing/route.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider } from '../support/training-provider.ts'

await setUpStudio()
const provider = await startTrainingProvider()

beforeAll(() => setEngineAddress(provider))
afterAll(async () => {
  setEngineAddress(null)
  await provider.close()
})

const listed = (query = '') => jobs(new Request(`http://localhost/api/jobs${query}`), {})

describe('what does not fit its schema', () => {
  test('is the caller’s fault in a request', async () => {
    const answer = await listed('?limit=none')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid', param: 'limit' } })
    const vote = await standing(new Request('http://localhost/api/playground/standing?a=nobody&b=x/y'), {})
    expect(vote.status).toBe(400)
  })

  test('is ours in the database: 500, without details, and in the log with its place', async () => {
    const { id } = await launchJob(jobDraft((await loadSample()).id))
    const row = studio().updateTable('jobs').where('id', '=', id)
    await row.set({ launch: 'in the middle' }).execute()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const answer = await listed()
    await row.set({ launch: 'known' }).execute()
    expect(answer.status).toBe(500)
    const { error } = await answer.json()
    expect(error).toMatchObject({ code: 'internal', param: null })
    expect(error.message).not.toMatch(/launch|option|expected/)
    expect(logged.mock.calls.flat().join()).toMatch(/ZodError[\s\S]*at asJob \(.*view\.ts/)
  })

  test('is the provider’s in its answer: 502, and it is named', async () => {
    provider.instead.set('POST /tokenize', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"count":"many"}')
    })
    const line = JSON.stringify({ messages: [{ role: 'user', content: 'Tell me about Neon' }] })
    const request = new Request('http://localhost/api/datasets/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ line, base: { providerId: 'embedded', model: 'limerick-base' } }),
    })
    const answer = await tokens(request, {})
    expect(answer.status).toBe(502)
    const { error } = await answer.json()
    expect(error.code).toBe('provider_refused')
    expect(error.message).toBe(
      'The answer of Built-in engine is not a text\'s tokens: "count" is missing or not as it should be.',
    )
  })
})
