import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { ensureKey } from '#lib/auth/key.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import { listProviders } from '#lib/providers/registry.ts'
import { POST as upload } from '../../app/api/datasets/[datasetId]/upload/route.ts'
import { GET as events } from '../../app/api/jobs/[jobId]/events/route.ts'
import { GET as job } from '../../app/api/jobs/[jobId]/route.ts'
import { GET as jobList } from '../../app/api/jobs/list/route.ts'
import { POST as launch } from '../../app/api/jobs/route.ts'
import { GET as models } from '../../app/api/models/route.ts'
import { GET as modelTable } from '../../app/api/models/table/route.ts'
import { POST as compare, GET as history } from '../../app/api/playground/route.ts'
import { GET as providers } from '../../app/api/providers/route.ts'
import { ECHOES, startEchoProvider } from '../support/echo-provider.ts'
import { until } from '../support/engine.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpFrontDoor } from '../support/set-up-front-door.ts'

/** Begins with a word that nothing else says: a part of the key would show as well. */
const KEY = 'canary"7f3a\\of:$&<b>{}|93%'
const TRACE = /canary/i

const provider = await startEchoProvider()
const folder = await setUpStudio({ baseURL: provider.baseURL, key: KEY })
const port = await setUpFrontDoor()
const ours = ensureKey()
const { id: datasetId } = await loadSample()

afterAll(() => provider.close())

/** Without the holds that a refusal leaves behind, which would keep the next call from being sent. */
const forgetHolds = () => studio().deleteFrom('provider_holds').execute()

/** Every byte of an answer of /v1, its status line and headers too. */
async function bytesFor(model: string, stream: boolean): Promise<string> {
  const body = JSON.stringify({
    ...{ model: `compatible/${model}`, stream, max_tokens: 4 },
    messages: [{ role: 'user', content: 'Tell me about Neon' }],
  })
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${ours}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  const socket = net.connect(port, '127.0.0.1')
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  return (await buffer(socket)).toString('latin1')
}

const headersIn = (answer: string): string[] => (answer.split('\r\n\r\n')[0] ?? '').split('\r\n')

describe('a provider that repeats its key in every place', () => {
  test.each(ECHOES)('%s: no byte of it reaches a program', async (model) => {
    for (const stream of [false, true]) {
      await forgetHolds()
      const answer = await bytesFor(model, stream)
      expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /)
      // One token at a time it is no key any more, only letters: /v1 hands them on and keeps none.
      if (model !== 'spelled') expect(answer).not.toMatch(TRACE)
      expect(
        headersIn(answer).filter((line) => /^(retry-after|content-disposition|set-cookie)/i.test(line)),
      ).toEqual([])
      expect(headersIn(answer)).toContainEqual(expect.stringMatching(/^x-request-id: req_\w{24}$/))
      const type = /"type":"([^"]*)"/.exec(answer)?.[1] ?? ''
      expect(type.length).toBeLessThanOrEqual(64)
    }
  })

  test('a refusal still says what it has to say', async () => {
    await forgetHolds()
    const answer = await bytesFor('429', false)
    const { error } = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
    expect(error).toEqual({
      message: expect.stringMatching(/^No: \[secret\] "\[secret\]" \[secret\]$/),
      type: expect.stringMatching(/^\[secret\] t+$/),
      param: '[secret] "[secret]" [secret]',
      code: 'code [secret]',
    })
  })

  test('nothing of it is shown by a page’s calls, kept in the database or written to the log', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const said: string[] = []
    const keep = async (answer: Response | Promise<Response>) => said.push(await (await answer).text())
    const get = (query = '') => new Request(`http://localhost/api${query}`)
    const post = (body: object) =>
      new Request('http://localhost/api', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const draft = () =>
      jobDraft(datasetId, {
        ...{ providerId: 'compatible', model: 'base', suffix: 'elle', confirmed: 1 },
        hyperparameters: { nEpochs: 1, batchSize: 'auto', learningRateMultiplier: 'auto' },
      })
    const send = () =>
      upload(post({ providerId: 'compatible', split: 'train' }), { params: Promise.resolve({ datasetId }) })
    const ask = (...panes: string[]) =>
      compare(
        post({
          ...{
            id: newComparisonId(),
            system: '',
            prompt: 'Tell me about Neon',
            temperature: 0.7,
            topP: null,
          },
          ...{ maxTokens: 64, seed: null, confirmed: null },
          panes: panes.map((model) => ({ providerId: 'compatible', model })),
        }),
        {},
      )

    for (const status of [400, 401, 403, 404, 429, 500]) {
      provider.refuses = status
      await forgetHolds()
      await keep(providers(get('?fresh=true'), {}))
      await forgetHolds()
      await keep(send())
      await forgetHolds()
      await keep(launch(post(draft()), {}))
    }
    provider.refuses = null
    for (const model of ['stream', 'torn', 'spelled', 'whole', 'page', '400', '401', '500']) {
      await forgetHolds()
      await keep(ask(model, 'spelled'))
    }
    await forgetHolds()
    await keep(send())
    const wish = draft()
    await keep(launch(post(wish), {}))
    const stop = new AbortController()
    const following = startSyncLoop(stop.signal, { tick: 5, poll: 10, discoverAway: 20 })
    const at = { params: Promise.resolve({ jobId: wish.id }) }
    await until('the end of the run', async () => (await (await job(get(), at)).json()).finishedAt !== null)
    stop.abort()
    await following
    await keep(job(get(), at))
    await keep(events(get(), at))
    for (const read of [providers, models, modelTable, history]) await keep(read(get(), {}))
    await keep(jobList(get(), {}))

    const all = said.join('\n')
    // It has been there, and was taken out.
    expect(said.filter((text) => text.includes('[secret]')).length).toBeGreaterThan(20)
    expect(all).toContain('It is [secret].')
    expect(all).not.toMatch(TRACE)
    expect(logged.mock.calls.flat().join('\n')).not.toMatch(TRACE)
    await studio().selectFrom('jobs').select('id').execute()
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect(readFileSync(path.join(file.parentPath, file.name), 'latin1'), file.name).not.toMatch(TRACE)
    expect(JSON.stringify(listProviders())).not.toMatch(TRACE)
  })
})
