import http from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ensureKey } from '#lib/auth/key.ts'
import { FIRST_KEY } from '#lib/auth/schema.ts'
import { studio } from '#lib/db/studio.ts'
import { serveV1 } from '#lib/gateway/v1.ts'
import type { Alias } from '#lib/models/schema.ts'
import { setChatPrice } from '#lib/providers/chat-price-list.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { setLimits } from '#lib/providers/spend.ts'
import { GET as keys, POST as makeKey, DELETE as revoke } from '../../app/api/access/keys/route.ts'
import { POST as back } from '../../app/api/models/aliases/[name]/back/route.ts'
import { DELETE as drop } from '../../app/api/models/aliases/[name]/route.ts'
import { GET as list, POST as point } from '../../app/api/models/aliases/route.ts'
import { POST as deleteModels } from '../../app/api/models/deletion/route.ts'
import { GET as table } from '../../app/api/models/table/route.ts'
import { ANSWER, startChatProvider } from '../support/chat-provider.ts'
import { ended, limericks, until, upload } from '../support/engine.ts'
import { measureLateness } from '../support/lateness.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'
import { setUpFrontDoor } from '../support/set-up-front-door.ts'

const distant = await startChatProvider({ key: 'sk-a-persons-own-key-WXYZ' })
await setUpStudio(distant)
const engine = await setUpEngine()
const baseURL = `http://127.0.0.1:${await setUpFrontDoor()}/v1`
const firstKey = ensureKey()
let lastKey: string
let lastUses = 0

beforeAll(async () => {
  lastKey = (await (await makeKey(json('POST', { name: 'last' }), {})).json()).key
})

/** Uses a key of its own and waits for that: what was asked before is written down no later. */
async function allWritten(): Promise<void> {
  await sdk(lastKey).models.list()
  lastUses++
  await until('the last use of a key to be written down', async () => {
    const all = JSON.parse(await (await keys(json('GET'), {})).text()) as { name: string; calls: number }[]
    return all.find(({ name }) => name === 'last')?.calls === lastUses
  })
}

afterAll(async () => {
  await allWritten()
  await distant.close()
})
beforeEach(async () => {
  await allWritten()
  distant.asked.splice(0)
  await studio().deleteFrom('door_calls').execute()
})

const json = (method: string, body?: object) =>
  new Request('http://localhost/api', {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })

const named = (name: string) => ({ params: Promise.resolve({ name }) })

const pointTo = (name: string, target: string, why = '') => {
  const [providerId, ...model] = target.split('/')
  return point(json('POST', { name, providerId, model: model.join('/'), why }), {})
}

const aliasOf = async (name: string): Promise<Alias | undefined> =>
  ((await (await list(json('GET'), {})).json()) as Alias[]).find((alias) => alias.name === name)

const sdk = (apiKey = firstKey) => new OpenAI({ baseURL, apiKey, maxRetries: 0 })

const question = (model: string) => ({
  model,
  max_tokens: 4,
  messages: [{ role: 'user' as const, content: 'Tell me about Neon' }],
})

/** Reads a streamed answer through the door. */
async function read(model: string, more: object = {}): Promise<string> {
  const stream = await sdk().chat.completions.create({ ...question(model), ...more, stream: true })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

const calls = (count: number) =>
  until('the calls to be written down', async () => {
    const rows = await studio().selectFrom('door_calls').selectAll().orderBy('at').execute()
    return rows.length >= count && rows
  })

/** The bytes of an answer, as a socket sees them. */
async function raw(address: string, key: string, body: object): Promise<Response> {
  return fetch(`${address}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  })
}

/** The name of a model that the engine has just made. */
async function trained(): Promise<string> {
  const { id } = await sdk().fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: await upload(sdk(), limericks(10)),
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 1 } } },
  })
  return (await ended(sdk(), id)).fine_tuned_model ?? ''
}

describe('an alias', () => {
  test('leads programs where it points, elsewhere once pointed elsewhere, and back', async () => {
    expect((await pointTo('elle', 'embedded/limerick-base', 'the first one')).status).toBe(200)
    const plain = await sdk().chat.completions.create(question('elle'))
    expect(plain.model).toBe('limerick-base')
    expect(plain.choices[0]?.message.content).not.toBe('')

    await pointTo('elle', 'compatible/steady', 'answers faster')
    expect(await read('elle')).toBe(ANSWER.join(''))
    expect(distant.asked).toMatchObject([{ model: 'steady' }])

    expect((await back(json('POST'), named('elle'))).status).toBe(200)
    const { data, response } = await sdk().chat.completions.create(question('elle')).withResponse()
    expect(data.model).toBe('limerick-base')
    expect(response.headers.get('x-limerick-alias')).toBe('elle')
    expect(response.headers.get('x-limerick-model')).toBe('limerick-base')
    expect(distant.asked).toHaveLength(1)

    expect(await aliasOf('elle')).toMatchObject({
      providerId: 'embedded',
      model: 'limerick-base',
      previous: { providerId: 'compatible', model: 'steady' },
      history: [
        { kind: 'rolled_back', who: 'you', from: { model: 'steady' }, to: { model: 'limerick-base' } },
        { kind: 'pointed', why: 'answers faster', from: { model: 'limerick-base' }, to: { model: 'steady' } },
        { kind: 'pointed', why: 'the first one', from: null, to: { model: 'limerick-base' } },
      ],
    })
    const [first, second, third] = await calls(3)
    expect(first).toMatchObject({
      ...{ alias: 'elle', key_id: FIRST_KEY, provider_id: 'embedded', model: 'limerick-base', status: 200 },
      ...{ outcome: 'finished', finish_reason: expect.any(String), reported_model: 'limerick-base' },
      ...{ prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number), estimated: 0, cost: 0 },
    })
    expect(second).toMatchObject({ provider_id: 'compatible', model: 'steady', completion_tokens: 4 })
    expect(third).toMatchObject({ provider_id: 'embedded' })
  })

  test('is listed among the models of /v1, and removed from them with its name', async () => {
    await pointTo('gone', 'compatible/steady')
    const ids = async () => (await sdk().models.list()).data.map(({ id }) => id)
    expect(await ids()).toEqual(expect.arrayContaining(['limerick-base', 'gone']))
    expect(await sdk().models.retrieve('gone')).toMatchObject({ id: 'gone', object: 'model' })
    expect((await drop(json('DELETE'), named('gone'))).status).toBe(200)
    expect(await ids()).not.toContain('gone')
    await expect(read('gone')).rejects.toMatchObject({ status: 404 })
    const kept = await studio()
      .selectFrom('alias_history')
      .select('kind')
      .where('alias', '=', 'gone')
      .orderBy('seq')
      .execute()
    expect(kept.map(({ kind }) => kind)).toEqual(['pointed', 'removed'])
  })

  test.each([
    ['Elle', 'lowercase letters'],
    ['elle tutor', 'lowercase letters'],
    ['-elle', 'start and end'],
    ['..', 'start and end'],
    ['e'.repeat(65), 'at most 64'],
    ['', 'Give the alias a name'],
    ['limerick-base', 'engine has this name'],
    ['gpt-4o-mini-2024-07-18', 'engine has this name'],
    ['steady', 'a model called steady'],
  ])('is not called %j', async (name, words) => {
    const response = await pointTo(name, 'compatible/steady')
    expect([400, 409]).toContain(response.status)
    expect((await response.json()).error.message).toContain(words)
    expect(await aliasOf(name)).toBeUndefined()
  })

  test('with percent signs that stand for nothing is no model', async () => {
    const bare = http.createServer(serveV1)
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
    const { port } = bare.address() as AddressInfo
    const headers = { authorization: `Bearer ${firstKey}` }
    const answer = await fetch(`http://127.0.0.1:${port}/v1/models/%E0%A4%A`, { headers })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'model_not_found' } })
    bare.close()
  })

  test('that never pointed elsewhere cannot be rolled back, nor can one that is not here', async () => {
    await pointTo('new', 'compatible/steady')
    expect((await back(json('POST'), named('new'))).status).toBe(409)
    expect((await pointTo('new', 'compatible/steady')).status).toBe(409)
    expect((await back(json('POST'), named('nobody'))).status).toBe(404)
    expect((await drop(json('DELETE'), named('nobody'))).status).toBe(404)
  })

  test('keeps its model from being deleted', async () => {
    const model = 'ft:steady:org:elle:AbCd1234'
    await pointTo('tuned', `compatible/${model}`)
    const gone = { providerId: 'compatible', model: 'ft:steady:org:elle:EfGh5678' }
    const answer = await deleteModels(
      json('POST', { models: [{ providerId: 'compatible', model }, gone] }),
      {},
    )
    expect(answer.status).toBe(200)
    // What is refused for one stops no other.
    expect((await answer.json()).refused).toEqual([
      {
        providerId: 'compatible',
        model,
        ...{ message: expect.stringContaining('tuned') },
        key: expect.any(String),
        values: expect.any(Object),
      },
    ])
    const ours = await trained()
    await pointTo('ours', `embedded/${ours}`)
    await expect(sdk().models.delete(ours)).rejects.toMatchObject({
      ...{ status: 409, code: 'conflict', param: 'model' },
      message: expect.stringContaining('ours points to this model'),
    })
    await pointTo('ours', 'embedded/limerick-base')
    expect(await sdk().models.delete(ours)).toMatchObject({ deleted: true })
    // A name that led nowhere would still be listed.
    for (const answer of [
      await back(json('POST'), named('ours')),
      await pointTo('new', `embedded/${ours}`),
    ]) {
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({
        error: { param: 'model', message: expect.stringContaining(ours) },
      })
    }
    expect(await aliasOf('ours')).toMatchObject({ model: 'limerick-base' })
    const { models } = await (await table(json('GET'), {})).json()
    const row = models.find(({ id }: { id: string }) => id === model)
    // A fine-tune goes with its base.
    expect(row).toMatchObject({ aliases: ['tuned'], deletable: true, endsOn: '2027-01-14' })
  })
})

describe('what passes the door', () => {
  test('is the provider’s own, byte for byte; of the body only the model’s name is another', async () => {
    await pointTo('byte', 'compatible/steady')
    const body = { ...question('steady'), stream: true, seed: 38, 'x-unknown': { deep: [1, '\u2028ب'] } }
    const direct = await (await raw(distant.baseURL, distant.key, body)).text()
    const through = await raw(baseURL, firstKey, { ...body, model: 'byte' })
    expect(await through.text()).toBe(direct)
    expect(through.headers.get('content-type')).toBe('text/event-stream')
    expect(distant.asked[1]).toEqual(distant.asked[0])
  })

  test('keeps numbers as they were written', async () => {
    await pointTo('byte2', 'compatible/steady')
    const sent = JSON.stringify({ ...question('byte2'), stream: true, seed: 1 })
    const body = sent.replace('"seed":1', '"seed":12345678901234567890,"temperature":1.0')
    let seen = ''
    const parse = JSON.parse
    const spy = vi.spyOn(JSON, 'parse').mockImplementation((text, revive) => {
      if (String(text).includes('"model":"steady"') && String(text).includes('"seed"')) seen = String(text)
      return parse(text, revive)
    })
    const response = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${firstKey}` },
      body,
    })
    await response.text()
    spy.mockRestore()
    expect(seen).toContain('"seed":12345678901234567890')
    expect(seen).toContain('"temperature":1.0')
  })

  test.each([
    ['cut', 'interrupted', null],
    ['error-frame', 'interrupted', null],
    ['steady', 'finished', 'stop'],
  ])('a stream that is %s is written down as %s', async (model, outcome, reason) => {
    await read(`compatible/${model}`).catch(() => undefined)
    const [call] = await calls(1)
    expect(call).toMatchObject({ outcome, finish_reason: reason, status: 200, alias: null, model })
    expect(call?.first_token_ms).toBeGreaterThanOrEqual(0)
    expect(call?.total_ms).toBeGreaterThanOrEqual(call?.first_token_ms ?? Number.POSITIVE_INFINITY)
    if (model === 'cut') expect(call).toMatchObject({ estimated: 1, completion_tokens: 2 })
  })

  test('a connection that breaks is no whole answer', async () => {
    await expect(read('compatible/severed')).rejects.toMatchObject({ code: 'provider_unreachable' })
    const answer = await raw(baseURL, firstKey, { ...question('compatible/severed'), stream: true })
    const text = await answer.text()
    expect(text).toMatch(/data: \{"error":\{"message":"[^"]*was cut off/)
    expect(text).not.toContain('[DONE]')
    expect(await calls(2)).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'interrupted' }])
  })

  test('a caller who leaves ends the answer at the provider', async () => {
    const control = new AbortController()
    const stream = await sdk().chat.completions.create(
      { ...question('compatible/gated'), stream: true },
      { signal: control.signal },
    )
    for await (const _ of stream) {
      control.abort()
      break
    }
    const lateness = measureLateness()
    const at = performance.now()
    await distant.left('gated')
    expect(performance.now() - at).toBeLessThan(1_000 + lateness())
    expect(await calls(1)).toMatchObject([{ outcome: 'stopped', finish_reason: null }])
  })

  test('one who leaves before the first token too', async () => {
    const control = new AbortController()
    const asked = sdk()
      .chat.completions.create(question('compatible/hangs'), { signal: control.signal })
      .catch(() => undefined)
    await until('the request', async () => distant.asked.length > 0)
    control.abort()
    await distant.left('hangs')
    await asked
    expect(await calls(1)).toMatchObject([{ outcome: 'stopped', status: null }])
  })

  test('a refusal comes in OpenAI’s shape, without the provider’s key', async () => {
    await expect(read('compatible/refuses')).rejects.toMatchObject({
      status: 500,
      error: { message: 'The server had an error', type: 'server_error', code: 'boom', param: null },
    })
    setEngineAddress({ baseURL: distant.baseURL, key: 'sk-some-other-key-9999' })
    const refused = await raw(baseURL, firstKey, question('embedded/steady'))
    setEngineAddress(engine)
    expect(refused.status).toBe(502)
    const text = await refused.text()
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'invalid_api_key' } })
    expect(text).not.toContain(distant.key)
    expect(await calls(2)).toMatchObject([{ outcome: 'failed' }, { outcome: 'failed', status: 502 }])
  })

  test('what is no request at all is the engine’s to refuse', async () => {
    const answer = await fetch(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${firstKey}`, 'content-type': 'application/json' },
      body: '{"model":',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } })
  })
})

describe('a provider that costs', () => {
  const price = { providerId: 'compatible' as const, model: '', asOf: '2026-11-22', source: 'a test' }
  const limits = (monthlyCap: number | null) =>
    setLimits({ providerId: 'compatible', monthlyCap, confirmAbove: null })
  beforeAll(async () => {
    await setChatPrice({ ...price, input: 1_000_000, cachedInput: null, output: 2_000_000 })
    await pointTo('paid', 'compatible/steady')
  })
  afterAll(async () => void (await limits(null)))

  const spent = () => studio().selectFrom('spend').selectAll().orderBy('created_at', 'desc').execute()

  test('is asked for its usage, which a caller who did not ask never sees', async () => {
    const body = { ...question('paid'), stream: true }
    const text = await (await raw(baseURL, firstKey, body)).text()
    expect(distant.asked[0]?.stream_options).toEqual({ include_usage: true })
    expect(text).not.toContain('prompt_tokens')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    const asked = { ...body, stream_options: { include_usage: true } }
    const whole = await (await raw(baseURL, firstKey, asked)).text()
    expect(whole).toContain('"prompt_tokens":7')
    const [call] = await calls(2)
    // 7 tokens at 1 and 4 at 2 micro-dollars.
    expect(call).toMatchObject({ prompt_tokens: 7, completion_tokens: 4, estimated: 0, cost: 15 })
    expect(await spent()).toMatchObject([{ kind: 'door', spent: 15 }, { spent: 15 }])
  })

  test('is not asked at all beyond the monthly limit', async () => {
    await limits(20)
    await expect(read('paid')).rejects.toMatchObject({
      status: 402,
      error: { code: 'over_cap', type: 'insufficient_quota', message: expect.stringContaining('limit') },
    })
    expect(distant.asked).toEqual([])
    expect(await calls(1)).toMatchObject([{ outcome: 'refused', status: 402, cost: 0 }])
  })
})

describe('a program’s key', () => {
  const make = async (name: string) => {
    const response = await makeKey(json('POST', { name }), {})
    expect(response.status).toBe(201)
    return response.json()
  }

  test('opens until it is revoked, is counted, and is shown once', async () => {
    const { key, keys: all } = await make('the school’s server')
    expect(key).toMatch(/^lk-[\w-]{32}$/)
    const { id, prefix } = all.find(({ name }: { name: string }) => name === 'the school’s server')
    expect(key.startsWith(prefix)).toBe(true)
    expect((await sdk(key).models.list()).data.length).toBeGreaterThan(0)
    await sdk(key).chat.completions.create(question('limerick-base'))
    const listed = async () => (await keys(json('GET'), {})).text()
    const used = await until('its use', async () => {
      const one = JSON.parse(await listed()).find((other: { id: string }) => other.id === id)
      return one.calls === 2 && one
    })
    expect(used).toMatchObject({ lastUsedAt: expect.any(Number), revokedAt: null })
    expect(await calls(1)).toMatchObject([{ key_id: id }])
    expect(await listed()).not.toContain(key)
    expect(JSON.stringify(await studio().selectFrom('caller_keys').selectAll().execute())).not.toContain(key)

    const gone = new Request(`http://localhost/api/access/keys?id=${id}`, { method: 'DELETE' })
    expect((await revoke(gone, {})).status).toBe(200)
    await expect(sdk(key).models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    expect((await revoke(gone, {})).status).toBe(404)
  })

  test('of the first start opens always', async () => {
    const gone = new Request(`http://localhost/api/access/keys?id=${FIRST_KEY}`, { method: 'DELETE' })
    expect((await revoke(gone, {})).status).toBe(409)
    expect((await sdk().models.list()).data.length).toBeGreaterThan(0)
    await expect(sdk('lk-nobody').models.list()).rejects.toMatchObject({ status: 401 })
    await expect(sdk('first').models.list()).rejects.toMatchObject({ status: 401 })
  })
})
