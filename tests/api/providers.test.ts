import { writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { type ChatProvider, startChatProvider } from '../support/chat-provider.ts'
import { setProvider, setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()
let embedded: ChatProvider
let distant: ChatProvider

beforeAll(async () => {
  embedded = await startChatProvider({ key: 'engine-key-that-nobody-sees' })
  distant = await startChatProvider({ key: 'sk-a-persons-own-key-WXYZ' })
  setProvider(distant)
  setEngineAddress({ baseURL: embedded.baseURL, key: embedded.key })
})
afterAll(async () => {
  setEngineAddress(null)
  await Promise.all([embedded.close(), distant.close()])
})

const list = async (query = '') => {
  const { GET } = await import('../../app/api/providers/route.ts')
  const response = await GET(new Request(`http://localhost/api/providers${query}`), {})
  expect(response.status).toBe(200)
  return response.text()
}

describe('GET /api/providers', () => {
  test('tells who is here, whether each answers, and no key', async () => {
    const text = await list()
    expect(JSON.parse(text)).toMatchObject([
      { id: 'embedded', keyEnd: null, health: { state: 'ok', message: null, ms: expect.any(Number) } },
      { id: 'compatible', address: distant.baseURL, keyEnd: 'WXYZ', health: { state: 'ok' } },
    ])
    expect(text).not.toContain(embedded.key)
    expect(text).not.toContain(distant.key)
  })

  test('a distant provider is believed for a minute, and asked anew on demand; the engine always answers itself', async () => {
    await distant.close()
    setEngineAddress({ baseURL: 'http://127.0.0.1:9/v1', key: 'k' })
    expect(JSON.parse(await list())).toMatchObject([
      {
        id: 'embedded',
        health: { state: 'bad', message: expect.stringContaining('could not be reached'), ms: null },
      },
      { id: 'compatible', health: { state: 'ok' } },
    ])
    expect(JSON.parse(await list('?fresh=true'))[1].health.state).toBe('bad')
  })
})

test('a key that a provider repeats in its refusal reaches no page, whatever it is made of', async () => {
  const key = 'odd"key\\of:$&<b>{}|100%'
  const echo = http.createServer(({ headers }, response) => {
    const given = String(headers.authorization).replace('Bearer ', '')
    const words = [`No: ${given}`, { given }, encodeURIComponent(given)]
    response.writeHead(401, { 'content-type': 'application/json', 'x-request-id': given })
    response.end(JSON.stringify({ error: { message: words, code: given, param: given } }))
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const { port } = echo.address() as AddressInfo
  vi.resetModules()
  vi.stubEnv('OPENAI_BASE_URL', `http://127.0.0.1:${port}/v1`)
  vi.stubEnv('OPENAI_API_KEY', key)
  const text = await list('?fresh=true')
  expect(JSON.parse(text)[1].health).toMatchObject({
    state: 'bad',
    message: expect.stringContaining('[secret]'),
  })
  const { client } = await import('#lib/providers/client.ts')
  const { failure } = await import('#lib/http/failure.ts')
  const refused = await client('compatible')
    .models.list()
    .then(() => null, failure)
  const answers = text + JSON.stringify(refused?.toWire())
  for (const spelling of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)])
    expect(answers).not.toContain(spelling)
  expect(answers).not.toContain('odd')
  echo.close()
})

test('headers that the environment would add go to no provider', async () => {
  const seen: (string | undefined)[] = []
  const server = http.createServer(({ headers }, response) => {
    seen.push(headers.authorization, headers['x-planted'] as string | undefined)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.resetModules()
  vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'Authorization: Bearer planted\nX-Planted: 1')
  vi.stubEnv('OPENAI_BASE_URL', `http://127.0.0.1:${port}/v1`)
  vi.stubEnv('OPENAI_API_KEY', 'the-right-key')
  await list('?fresh=true')
  expect(seen).toEqual(['Bearer the-right-key', undefined])
  server.close()
})

describe('GET /api/access/key', () => {
  test("is this installation's own key, never stored by a browser", async () => {
    writeFileSync(path.join(folder, 'key'), 'lk-our-own\n')
    const { GET } = await import('../../app/api/access/key/route.ts')
    const response = await GET(new Request('http://localhost/api/access/key'), {})
    expect(await response.json()).toEqual({ key: 'lk-our-own' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})
