/** An engine that takes connections and says nothing, as one that was stopped; some answers come late. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forward } from '#lib/gateway/v1.ts'
import { toEngine } from '#lib/providers/fetch.ts'
import { setEngineAddress, setEngineOutage } from '#lib/providers/registry.ts'

/** In ms. */
const PATIENCE = 200

const listen = async (server: http.Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const silent = http.createServer((request, response) => {
  // A chat waits for its model, a job for the disk: their answers come after the patience of others has ended.
  if (/\/(chat\/completions|jobs)$/.test(request.url ?? ''))
    setTimeout(() => response.end('{"late":true}'), 3 * PATIENCE)
  // The engine dies while it makes a job.
  if (request.url?.endsWith('/jobs?dies')) request.socket.destroy()
})
const gateway = http.createServer((request, response) => forward(request, response, { patience: PATIENCE }))
let engine: string
let gate: string

beforeAll(async () => {
  engine = await listen(silent)
  gate = await listen(gateway)
  setEngineAddress({ baseURL: engine, key: 'k' })
})
afterAll(() => {
  setEngineAddress(null)
  for (const server of [silent, gateway]) {
    server.closeAllConnections()
    server.close()
  }
})

test.each([
  ['GET', 'models'],
  ['POST', 'fine_tuning/jobs/ftjob-x/pause'],
  ['DELETE', 'models/ft:x'],
])('through /v1 what is answered at once has a limit: %s %s', async (method, path) => {
  const answer = await fetch(`${gate}/${path}`, { method, body: method === 'POST' ? '{}' : undefined })
  expect(answer.status).toBe(502)
  const { error } = await answer.json()
  expect(error).toMatchObject({ code: 'engine_unavailable', message: /did not answer in time/ })
})

test.each(['chat/completions', 'fine_tuning/jobs'])(
  'through /v1 %s waits for as long as the engine lives',
  async (path) => {
    const answer = await fetch(`${gate}/${path}`, { method: 'POST', body: '{}' })
    expect(await answer.json()).toEqual({ late: true })
  },
)

test.each([
  [{}, 'false', 'may have been created'],
  [{ 'idempotency-key': 'k' }, null, 'Send the request again'],
])(
  'a job whose creation was not answered is not asked for again, but under a key: %j',
  async (key, retry, words) => {
    const headers = key as Record<string, string>
    const answer = await fetch(`${gate}/fine_tuning/jobs?dies`, { method: 'POST', body: '{}', headers })
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([502, retry])
    expect((await answer.json()).error.message).toContain(words)
  },
)

test('from the studio the same', async () => {
  const ask = toEngine(PATIENCE)
  await expect(ask(`${engine}/models`)).rejects.toThrow('The built-in engine did not answer in time.')
  const answer = await ask(`${engine}/chat/completions`, { method: 'POST', body: '{}' })
  expect(await answer.json()).toEqual({ late: true })
})

test('while its heartbeat is missed nobody waits at all', () => {
  setEngineOutage({ message: 'It does not answer.' })
  const request = {} as http.IncomingMessage
  expect(() => forward(request, {} as http.ServerResponse)).toThrow('It does not answer.')
  setEngineOutage(null)
})
