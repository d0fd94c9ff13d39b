import { once } from 'node:events'
import http from 'node:http'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import OpenAI, { AzureOpenAI, toFile } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { writeRecords } from '#lib/gateway/call-log.ts'
import { pointAlias } from '#lib/models/aliases.ts'
import { endBackoff } from '#lib/providers/backoff.ts'
import { setChatPrice } from '#lib/providers/chat-price-list.ts'
import { type Answer, startGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
  const why = ''
  await pointAlias({ name: 'near', providerId: 'embedded', model: 'limerick-base', why })
  await pointAlias({ name: 'far-away', providerId: 'compatible', model: 'far', why })
})
afterAll(() => gateway.close())
beforeEach(async () => {
  gateway.asked.splice(0)
  await writeRecords()
  await studio().deleteFrom('door_calls').execute()
})

const REQUEST_ID = /^req_[0-9A-Za-z]{24}$/

const question = (model: string) => ({
  model,
  max_tokens: 4,
  messages: [{ role: 'user' as const, content: 'Tell me about Neon' }],
})

const authorized = () => ({ authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' })

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${gateway.baseURL}${path}`, {
    method: 'POST',
    headers: { ...authorized(), ...headers },
    body: JSON.stringify(body),
  })

async function calls(count: number) {
  return until('the calls to be written down', async () => {
    const rows = await studio().selectFrom('door_calls').selectAll().orderBy('at').execute()
    return rows.length >= count && rows
  })
}

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'far',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Far.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
}
const plain: Answer = (response) => response.end(JSON.stringify(COMPLETION))

/** What a socket has received until it has `text` in it. */
async function received(socket: Socket, text: RegExp): Promise<string> {
  let all = ''
  while (!text.test(all)) {
    const [part] = await once(socket, 'data')
    all += String(part)
  }
  return all
}

describe('a refusal', () => {
  test.each([
    ['2 KB', 2_000, 40],
    ['1 MB', 1_000_000, 15],
    ['20 MB', 20_000_000, 3],
  ])('arrives whatever was sent: %s under a wrong key', async (_name, size, tries) => {
    const bytes = Buffer.alloc(size, '{}\n')
    const wrong = gateway.sdk('lk-wrong')
    const seen: unknown[] = []
    for (let index = 0; index < tries; index++) {
      const file = await toFile(bytes, 'a.jsonl')
      const thrown = await wrong.files.create({ file, purpose: 'fine-tune' }).catch((error) => error)
      seen.push(thrown.status)
      const bare = await fetch(`${gateway.baseURL}/files`, { method: 'POST', body: bytes })
      seen.push(bare.status)
      expect(bare.headers.get('x-request-id')).toMatch(REQUEST_ID)
      expect(await bare.json()).toMatchObject({ error: { code: 'invalid_api_key', param: null } })
    }
    expect(seen).toEqual(seen.map(() => 401))
  })

  test('leaves its connection open for the next request', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    const host = `host: localhost:${gateway.port}\r\n`
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${host}content-length: 2\r\n\r\n{}`)
    expect(await received(socket, /invalid_api_key/)).not.toMatch(/connection: close/i)
    const key = `authorization: Bearer ${gateway.key}\r\n`
    const body = JSON.stringify({ model: 'nope', messages: [] })
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\n${host}${key}content-length: ${body.length}\r\n\r\n${body}`,
    )
    expect(await received(socket, /"code":/)).toMatch(/HTTP\/1.1 400/)
    socket.destroy()
  })

  test('does not wait for a body that never comes', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:${gateway.port}\r\ncontent-length: 90\r\n\r\n`,
    )
    const text = await received(socket, /invalid_api_key/)
    expect(text).toMatch(/HTTP\/1.1 401/)
    expect(text).toMatch(/connection: close/i)
    socket.destroy()
  })

  test.each([
    [431, `GET /v1/models HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
    [400, 'GET /v1/models HTTP/9\r\n\r\n'],
  ])('of what is no request has words: %i', async (status, text) => {
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write(text)
    const answer = Buffer.concat(await socket.toArray()).toString()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(/x-request-id: req_/)
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: null,
        code: 'unreadable_request',
      },
    })
  })

  test.each([
    ['a bare key', { authorization: 'KEY' }],
    ['a password', { authorization: 'Basic abc' }],
    ['another header', { 'x-api-key': 'KEY' }],
  ])('of %s does not say that no key came', async (_name, headers) => {
    const answer = await fetch(`${gateway.baseURL}/models`, {
      headers: { ...headers } as Record<string, string>,
    })
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('could not be read')])
  })

  test('of a request without a host has words', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    socket.write('GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n')
    const answer = Buffer.concat(await socket.toArray()).toString()
    expect(answer).toMatch(/^HTTP\/1.1 421 /)
    expect(answer).toContain('does not have that name')
  })

  test('of a base URL without /v1 says what is missing', async () => {
    const url = gateway.baseURL.replace('/v1', '/chat/completions')
    const answer = await fetch(url, { method: 'POST', headers: authorized(), body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([405, expect.stringContaining('ends with /v1')])
  })

  test('of a packed body says so', async () => {
    const answer = await fetch(`${gateway.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { ...authorized(), 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(question('limerick-base'))),
    })
    expect(answer.status).toBe(415)
    expect(await answer.json()).toMatchObject({ error: { code: 'unsupported_content_encoding' } })
  })

  test('of a wrong method says which are right; HEAD is answered', async () => {
    const wrong = await fetch(`${gateway.baseURL}/chat/completions`, { headers: authorized() })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    const put = await fetch(`${gateway.baseURL}/models/limerick-base`, {
      method: 'PUT',
      headers: authorized(),
    })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE'])
    for (const path of ['models', 'models/limerick-base', 'files', 'models/near']) {
      const head = await fetch(`${gateway.baseURL}/${path}`, { method: 'HEAD', headers: authorized() })
      expect([path, head.status, await head.text()]).toEqual([path, 200, ''])
    }
  })
})

describe('a request', () => {
  test.each([
    ['offers HTTP/2, as Java’s own client does', 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c'],
    ['offers a WebSocket', 'connection: Upgrade\r\nupgrade: websocket'],
    ['expects what nobody knows', 'expect: 200-ok'],
  ])('that %s is answered in HTTP/1.1, and its connection goes on', async (_name, headers) => {
    const socket = connect(gateway.port, '127.0.0.1')
    const body = JSON.stringify(question('limerick-base'))
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:${gateway.port}\r\nauthorization: Bearer ${gateway.key}\r\ncontent-length: ${body.length}\r\n`
    for (let time = 0; time < 2; time++) {
      socket.write(`${head}${headers}\r\n\r\n${body}`)
      expect(await received(socket, /"usage":/)).toMatch(/^HTTP\/1.1 200 OK/)
    }
    socket.destroy()
  })

  test.each<[string, (sdk: OpenAI) => Promise<unknown>]>([
    ['a wrong key', () => gateway.sdk('lk-wrong').models.list()],
    ['a model that is not here', (sdk) => sdk.chat.completions.create(question('nope'))],
    ['no messages', (sdk) => sdk.chat.completions.create({ model: 'near', messages: [] })],
    ['a file that is not here', (sdk) => sdk.files.retrieve('file-x')],
    ['an address that is not served', (sdk) => sdk.embeddings.create({ model: 'near', input: 'x' })],
  ])('refused for %s has an id', async (_name, ask) => {
    await expect(ask(gateway.sdk())).rejects.toMatchObject({ requestID: expect.stringMatching(REQUEST_ID) })
  })

  test('has one id in its answer and in the log of calls', async () => {
    gateway.answer(plain)
    const sdk = gateway.sdk()
    for (const [index, model] of ['near', 'far-away'].entries()) {
      const { request_id } = await sdk.chat.completions.create(question(model)).withResponse()
      expect(request_id).toMatch(REQUEST_ID)
      expect((await calls(index + 1)).map(({ id }) => id)).toContain(request_id)
    }
    for (const list of [sdk.models.list(), sdk.models.retrieve('near'), sdk.files.list()])
      expect((await list.withResponse()).request_id).toMatch(REQUEST_ID)
    const given = await fetch(`${gateway.baseURL}/files`, {
      headers: { ...authorized(), 'x-request-id': 'mine' },
    })
    expect(given.headers.get('x-request-id')).toMatch(REQUEST_ID)
  })
})

describe('an answer', () => {
  test('is not cut while the provider works, whatever the limit for idle connections', async () => {
    const { timeout } = gateway.server
    gateway.server.timeout = 200
    const gate = Promise.withResolvers<void>()
    gateway.answer(async (response, asked) => {
      await gate.promise
      await plain(response, asked)
    })
    const whole = gateway.sdk().chat.completions.create(question('far-away'))
    const stream = post('/chat/completions', { ...question('far-away'), stream: true })
    await until('both requests', () => gateway.asked.length === 2)
    await new Promise((wake) => setTimeout(wake, 1_000))
    gate.resolve()
    expect((await whole).choices[0]?.message.content).toBe('Far.')
    expect((await stream).status).toBe(200)
    expect(gateway.asked).toHaveLength(2)
    gateway.server.timeout = timeout
  })

  test('of which nothing comes for 15 s says that it goes on', async () => {
    const gate = Promise.withResolvers<void>()
    const chunk = (content: string, finish_reason: string | null) =>
      `data: ${JSON.stringify({ ...COMPLETION, choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`
    gateway.answer(async (response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.write(chunk('Fa', null))
      await gate.promise
      response.end(`${chunk('r.', 'stop')}data: [DONE]\n\n`)
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answer = await post('/chat/completions', { ...question('far-away'), stream: true })
    const reader = answer.body?.getReader()
    const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(await next()).toContain('"Fa"')
    vi.advanceTimersByTime(14_000)
    vi.advanceTimersByTime(2_000)
    expect(await next()).toBe(': \n\n')
    vi.useRealTimers()
    gate.resolve()
    expect(await next()).toContain('"r."')
    await reader?.cancel()
  })

  test('tells what the provider advises its caller, and none of its other headers', async () => {
    gateway.answer((response, asked) => {
      response.setHeader('x-ratelimit-remaining-requests', '59')
      response.setHeader('x-ratelimit-reset-tokens', '6m0s')
      response.setHeader('openai-processing-ms', '42')
      response.setHeader('x-ratelimit-key', 'sk-a-key-of-the-test-0001')
      response.setHeader('set-cookie', 'a=b')
      response.setHeader('x-request-id', 'theirs')
      return plain(response, asked)
    })
    const { headers } = await post('/chat/completions', question('far-away'))
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-tokens': '6m0s',
      'openai-processing-ms': '42',
      'x-request-id': expect.stringMatching(REQUEST_ID),
    })
    expect(headers.has('x-ratelimit-key')).toBe(false)
    expect(headers.has('set-cookie')).toBe(false)
  })

  test('streamed by the engine has no usage unless it was asked for', async () => {
    const body = { ...question('near'), stream: true }
    expect(await (await post('/chat/completions', body)).text()).not.toContain('"usage"')
    const asked = { ...body, stream_options: { include_usage: true } }
    expect(await (await post('/chat/completions', asked)).text()).toContain('"usage":null')
    const wrong = await post('/chat/completions', { ...body, stream_options: 'x' })
    expect(await wrong.json()).toMatchObject({ error: { param: 'stream_options', code: 'invalid_type' } })
  })

  test.each<[string, Answer, string]>([
    ['nothing', (response) => response.end(), 'is empty'],
    ['204', (response) => response.writeHead(204).end(), 'is empty'],
    ['a text', (response) => response.end('"busy"'), 'not JSON'],
    [
      'a redirection',
      (response) => response.writeHead(307, { location: 'http://x/' }).end(),
      'redirection (307)',
    ],
  ])('that is %s is a failure in words', async (_name, answer, words) => {
    gateway.answer(answer)
    const failed = await post('/chat/completions', question('far-away'))
    expect([failed.status, await failed.text()]).toEqual([502, expect.stringContaining(words)])
    expect(await calls(1)).toMatchObject([{ outcome: 'failed', status: 502 }])
  })

  test.each([
    ['{"error":"model is loading"}', 'model is loading'],
    ['{"detail":"Not enough memory"}', 'Not enough memory'],
  ])('that is refused with %s says so without the braces', async (body, message) => {
    gateway.answer((response) => response.writeHead(400).end(body))
    const refused = await post('/chat/completions', question('far-away'))
    expect(await refused.json()).toMatchObject({ error: { message } })
  })

  test('is not sent in pieces to a client of HTTP/1.0', async () => {
    const socket = connect(gateway.port, '127.0.0.1')
    const body = JSON.stringify({ ...question('near'), stream: true })
    const head = `host: localhost:${gateway.port}\r\nauthorization: Bearer ${gateway.key}\r\ncontent-length: ${body.length}`
    socket.write(`POST /v1/chat/completions HTTP/1.0\r\n${head}\r\n\r\n${body}`)
    const text = Buffer.concat(await socket.toArray()).toString()
    expect(text).toMatch(/^HTTP\/1.1 200/)
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })
})

describe('a provider that refuses', () => {
  const refuse =
    (status: number, code: string, headers: Record<string, string> = {}): Answer =>
    (response) => {
      response.writeHead(status, headers)
      response.end(JSON.stringify({ error: { message: 'No.', type: code, param: null, code } }))
    }
  beforeEach(() => endBackoff('compatible'))
  afterAll(() => endBackoff('compatible'))

  test('says when to come back, and whether to', async () => {
    const headers = { 'retry-after-ms': '1500', 'x-should-retry': 'true', 'x-ratelimit-limit-requests': '60' }
    gateway.answer(refuse(503, 'overloaded', headers))
    const answer = await post('/chat/completions', question('far-away'))
    expect(answer.status).toBe(503)
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers)
  })

  test('because the quota is used up is 429 at once and later, and no SDK asks again', async () => {
    gateway.answer(refuse(429, 'insufficient_quota'))
    for (let time = 0; time < 2; time++) {
      const answer = await post('/chat/completions', question('far-away'))
      expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([429, 'false'])
      expect(await answer.json()).toMatchObject({
        error: { code: 'insufficient_quota', type: 'insufficient_quota' },
      })
    }
    expect(gateway.asked).toHaveLength(1)
  })

  test('because of too many is left alone for as long as it asked, which its callers are told', async () => {
    gateway.answer(refuse(429, 'rate_limit_exceeded', { 'retry-after': '7' }))
    await post('/chat/completions', question('far-away'))
    const answer = await post('/chat/completions', question('far-away'))
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(7)
    expect(gateway.asked).toHaveLength(1)
  })

  test('and is not configured is a model that does not exist', async () => {
    await expect(gateway.sdk().chat.completions.create(question('openai/gpt-4o'))).rejects.toMatchObject({
      ...{ status: 404, code: 'model_not_found', param: 'model' },
      message: expect.stringContaining('openai/gpt-4o'),
    })
  })
})

describe('an alias', () => {
  test('is a model: listed and retrieved with what it reads, and tokenized', async () => {
    const base = (await gateway.sdk().models.retrieve('limerick-base')) as { max_model_len?: number }
    expect(base.max_model_len).toBeGreaterThan(100)
    expect(await gateway.sdk().models.retrieve('near')).toMatchObject({
      ...{ id: 'near', object: 'model', max_model_len: base.max_model_len },
      limerick: { base: 'limerick-base' },
    })
    const { data } = await gateway.sdk().models.list()
    expect(data.find(({ id }) => id === 'near')).toMatchObject({ max_model_len: base.max_model_len })
    expect(data.find(({ id }) => id === 'far-away')).not.toHaveProperty('max_model_len')
    const { messages } = question('near')
    const tokens = await (await post('/tokenize', { model: 'near', messages })).json()
    expect(tokens).toEqual(await (await post('/tokenize', { model: 'limerick-base', messages })).json())
    expect(tokens.count).toBeGreaterThan(5)
  })

  test('can be the base of a job, where it points at a model of the engine', async () => {
    const sdk = gateway.sdk()
    const lines = Array.from({ length: 10 }, (_, index) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: `q${index}` },
          { role: 'assistant', content: 'a' },
        ],
      }),
    )
    const file = await toFile(Buffer.from(lines.join('\n')), 'a.jsonl')
    const { id } = await sdk.files.create({ file, purpose: 'fine-tune' })
    const job = await sdk.fineTuning.jobs.create({ model: 'near', training_file: id })
    expect(job.model).toBe('limerick-base')
    await sdk.fineTuning.jobs.cancel(job.id)
    await expect(sdk.fineTuning.jobs.create({ model: 'far-away', training_file: id })).rejects.toMatchObject({
      ...{ status: 400, code: 'model_not_available', param: 'model' },
      message: expect.stringContaining('far-away is the model far of the provider "compatible"'),
    })
  })

  test('is not deleted as if it were its model', async () => {
    await expect(gateway.sdk().models.delete('near')).rejects.toMatchObject({
      ...{ status: 409, code: 'conflict', param: 'model' },
      message: expect.stringContaining('near is an alias'),
    })
    const answer = await fetch(`${gateway.baseURL}/models/near`, { method: 'DELETE', headers: authorized() })
    expect(answer.headers.get('x-should-retry')).toBe('false')
  })
})

describe('a response', () => {
  test('comes from the engine, by alias, and is written down as a chat is', async () => {
    const { data, request_id } = await gateway
      .sdk()
      .responses.create({ model: 'near', input: 'Tell me about Neon', max_output_tokens: 5 })
      .withResponse()
    expect(data).toMatchObject({ model: 'limerick-base', status: 'incomplete', store: false })
    expect(await calls(1)).toMatchObject([
      {
        ...{
          id: request_id,
          alias: 'near',
          outcome: 'finished',
          finish_reason: 'max_output_tokens',
          cost: 0,
        },
        ...{ prompt_tokens: data.usage?.input_tokens, completion_tokens: 5, estimated: 0 },
      },
    ])
  })

  const RESPONSE = {
    ...{ id: 'resp_1', object: 'response', created_at: 1, model: 'far', status: 'completed', error: null },
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Far.' }] }],
    usage: {
      input_tokens: 7,
      output_tokens: 4,
      total_tokens: 11,
      input_tokens_details: { cached_tokens: 0 },
    },
  }
  const event = (data: { type: string; [field: string]: unknown }) =>
    `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

  test('of another provider passes as it is, tools and all, and is billed by its usage', async () => {
    const price = { providerId: 'compatible' as const, model: '', asOf: '2026-11-22', source: 'a test' }
    await setChatPrice({ ...price, input: 1_000_000, cachedInput: null, output: 2_000_000 })
    gateway.answer((response) => response.end(JSON.stringify(RESPONSE)))
    const body = { input: 'x', tools: [{ type: 'web_search' }], previous_response_id: 'resp_0' }
    const answer = await post('/responses', { model: 'far-away', ...body })
    expect(await answer.json()).toEqual(RESPONSE)
    expect(gateway.asked).toEqual([{ path: '/v1/responses', body: { model: 'far', ...body } }])
    expect(await calls(1)).toMatchObject([
      { prompt_tokens: 7, completion_tokens: 4, cost: 15, finish_reason: 'completed', outcome: 'finished' },
    ])
  })

  test('streamed by another provider passes byte for byte', async () => {
    const text =
      event({ type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } }) +
      event({ type: 'response.output_text.delta', delta: 'Far.' }) +
      event({ type: 'response.completed', response: RESPONSE })
    gateway.answer((response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.end(text)
    })
    const answer = await post('/responses', { model: 'far-away', input: 'x', stream: true })
    expect(await answer.text()).toBe(text)
    expect(gateway.asked[0]?.body).not.toHaveProperty('stream_options')
    const [call] = await calls(1)
    expect(call).toMatchObject({ outcome: 'finished', prompt_tokens: 7, reported_model: 'far', cost: 15 })
    expect(call?.first_token_ms).toBeGreaterThan(0)
  })

  test('that breaks off with an error tells it without the key', async () => {
    const error = { message: 'Incorrect: sk-a-key-of-the-test-0001', type: 'server_error', code: 'boom' }
    gateway.answer((response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.write(event({ ...error, type: 'error' }))
      response.end(event({ type: 'response.failed', response: { ...RESPONSE, status: 'failed', error } }))
    })
    const text = await (await post('/responses', { model: 'far-away', input: 'x', stream: true })).text()
    expect(text).not.toContain('sk-a-key')
    expect(text).toContain('event: error')
    expect(text).toContain('"code":"boom"')
    expect(await calls(1)).toMatchObject([{ outcome: 'failed' }])
  })

  test('in the background is refused: nobody could fetch it', async () => {
    const answer = await post('/responses', { model: 'far-away', input: 'x', background: true })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { param: 'background', code: 'unsupported_parameter' },
    })
    expect(gateway.asked).toEqual([])
  })

  test('a completion passes to another provider, and is written down', async () => {
    gateway.answer((response) =>
      response.end(
        JSON.stringify({ ...COMPLETION, choices: [{ index: 0, text: 'Far.', finish_reason: 'stop' }] }),
      ),
    )
    const answer = await post('/completions', { model: 'far-away', prompt: 'x', max_tokens: 4 })
    expect((await answer.json()).choices[0].text).toBe('Far.')
    expect(gateway.asked[0]?.path).toBe('/v1/completions')
    expect(await calls(1)).toMatchObject([
      { outcome: 'finished', finish_reason: 'stop', completion_tokens: 2 },
    ])
  })
})

describe('the AzureOpenAI class', () => {
  const azure = (more: object = {}) =>
    new AzureOpenAI({
      baseURL: null, // the test's own OPENAI_BASE_URL is for the provider
      endpoint: `http://127.0.0.1:${gateway.port}`,
      apiKey: gateway.key,
      apiVersion: '2024-10-21',
      maxRetries: 0,
      ...more,
    })

  test('chats with a deployment: a model, an alias, or another provider’s', async () => {
    const sdk = azure()
    for (const name of ['gpt-35-turbo', 'gpt-35-turbo-0125', 'near']) {
      const { model, choices } = await sdk.chat.completions.create(question(name))
      expect(model).toBe('limerick-base')
      expect(choices[0]?.message.content).not.toBe('')
    }
    gateway.answer(plain)
    await sdk.chat.completions.create(question('far-away'))
    expect(gateway.asked).toMatchObject([{ path: '/v1/chat/completions', body: { model: 'far' } }])
    let text = ''
    const stream = await sdk.chat.completions.create({ ...question('gpt-35-turbo'), stream: true })
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
    expect(text).not.toBe('')
    await expect(sdk.chat.completions.create(question('my-gpt35'))).rejects.toMatchObject({
      ...{ status: 404, code: 'model_not_found' },
      message: expect.stringContaining('my-gpt35'),
    })
  })

  test('uploads, lists and reads as the plain class does', async () => {
    const sdk = azure()
    const file = await toFile(Buffer.from('{}\n'), 'a.jsonl')
    const { id } = await sdk.files.create({ file, purpose: 'user_data' })
    expect((await sdk.files.list({ limit: 1 })).data).toMatchObject([{ id }])
    expect((await sdk.models.list()).data.map((model) => model.id)).toContain('near')
    const newest = new OpenAI({ baseURL: `http://127.0.0.1:${gateway.port}/openai/v1`, apiKey: gateway.key })
    const response = await newest.responses.create({ model: 'gpt-35-turbo', input: 'Hello' })
    expect(response.model).toBe('limerick-base')
    await expect(azure({ apiKey: 'wrong' }).files.list()).rejects.toMatchObject({ status: 401 })
  })

  test('meets the rules of /v1: no page of a browser comes in', async () => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/openai/v1/models`, {
      headers: { 'api-key': gateway.key, origin: 'https://evil.example' },
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})

test('while the engine is started again the list of models says so, and when to ask', async () => {
  const { setEngineAddress } = await import('#lib/providers/registry.ts')
  const gone = http.createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as { port: number }
  await new Promise((resolve) => gone.close(resolve))
  setEngineAddress({ baseURL: `http://127.0.0.1:${port}/v1`, key: 'x' })
  const answers = [
    await fetch(`${gateway.baseURL}/models`, { headers: authorized() }),
    await fetch(`${gateway.baseURL}/files`, { headers: authorized() }),
    await post('/chat/completions', question('near')),
  ]
  setEngineAddress(gateway.engine)
  for (const answer of answers) {
    expect(answer.status).toBeGreaterThanOrEqual(502)
    expect(answer.headers.get('retry-after')).toBe('2')
    expect((await answer.json()).error.message).toContain('being restarted')
  }
})
