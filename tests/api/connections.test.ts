/** Providers that are added in the studio: their keys at rest, where they may be, and what a removal leaves. */

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { sql } from 'kysely'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { failure } from '#lib/http/failure.ts'
import { client } from '#lib/providers/client.ts'
import { loadConnections } from '#lib/providers/connections.ts'
import { ADDRESSED_KINDS } from '#lib/providers/kinds.ts'
import { isWithin } from '#lib/providers/reach.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'
import * as one from '../../app/api/providers/connections/[providerId]/route.ts'
import * as routes from '../../app/api/providers/connections/route.ts'
import * as trial from '../../app/api/providers/connections/test/route.ts'
import { callRoute } from '../support/call-route.ts'
import { ANSWER, type ChatProvider, startChatProvider } from '../support/chat-provider.ts'
import { filesWith } from '../support/connected.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider } from '../support/training-provider.ts'

const KEY = 'sk-a-canary-that-nobody-may-see-7Q4Z'
const folder = await setUpStudio()
const keyFile = path.join(folder, 'provider-key')
let server: ChatProvider

beforeAll(async () => {
  server = await startChatProvider({ key: KEY })
})
afterAll(() => server.close())
afterEach(async () => {
  await studio().deleteFrom('connections').execute()
  await loadConnections()
})

const draft = (more: object = {}) => ({
  ...{ kind: 'compatible', name: 'Mine', address: `${server.baseURL}/`, key: KEY, nearby: true },
  ...more,
})
const add = (body: object = draft()) => callRoute<ProviderWithHealth[]>(routes.POST, { body })
const added = async () => (await add()).answer.find(({ own }) => own) as ProviderWithHealth

describe('a provider that is added', () => {
  test('answers under its own id, and its key is on no page and in no file', async () => {
    const { status, text, answer } = await add()
    expect(status).toBe(200)
    const [mine] = answer
    expect(mine).toMatchObject({
      ...{ id: expect.stringMatching(/^compatible-\w{8}$/), name: 'Mine', own: true, keyEnd: '7Q4Z' },
      ...{ address: server.baseURL, health: { state: 'ok' } },
    })
    expect((await client(mine?.id ?? '').models.list()).data.map(({ id }) => id)).toContain('steady')
    expect(text).not.toContain(KEY)
    await sql`pragma wal_checkpoint(truncate)`.execute(studio())
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    )
    expect(files.length).toBeGreaterThan(1)
    for (const file of files)
      expect(readFileSync(path.join(file.parentPath, file.name)).includes(KEY), file.name).toBe(false)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  })

  test('answers in a stream', async () => {
    const { id } = await added()
    const chat = await client(id).chat.completions.create({
      ...{ model: 'steady', stream: true, messages: [{ role: 'user', content: 'Neon?' }] },
    })
    let text = ''
    for await (const { choices } of chat) text += choices[0]?.delta.content ?? ''
    expect(text).toBe(ANSWER.join(''))
  })

  test('is there again after a start', async () => {
    const { id } = await added()
    await loadConnections()
    expect((await client(id).models.list()).data.length).toBeGreaterThan(0)
  })

  test('can stand beside others of its kind', async () => {
    await add()
    const { answer } = await add(draft({ name: 'Yours' }))
    expect(answer.map(({ name }) => name)).toEqual(['Mine', 'Yours'])
    expect(new Set(answer.map(({ id }) => id)).size).toBe(2)
  })

  test('needs no key where its server asks for none', async () => {
    const { answer } = await add(draft({ key: '' }))
    expect(answer[0]).toMatchObject({ keyEnd: null })
    expect(await studio().selectFrom('connections').select('sealed').execute()).toEqual([{ sealed: null }])
  })

  test.each([
    [{ name: ' ' }, 'Enter a name.'],
    [{ address: 'ftp://models.example.org' }, 'Enter an address such as'],
    [{ address: 'https://me:secret@models.example.org/v1' }, 'An address must hold no user'],
    [{ address: 'https://models.example.org/v1?key=1' }, 'An address must hold no user'],
    [{ key: 'two words' }, 'A key is one line'],
    [{ kind: 'openai', key: '' }, 'Enter the key.'],
  ])('is refused with %j', async (more, words) => {
    const { status, text } = await add(draft(more))
    expect([status, text]).toEqual([400, expect.stringContaining(words)])
    expect(await studio().selectFrom('connections').selectAll().execute()).toEqual([])
  })
})

describe('a test of a compatible server', () => {
  const offersOf = async (body: object) => (await callRoute(trial.POST, { body })).answer.offers

  test('tells what it offers of training, and what only a job could tell', async () => {
    const provider = await startTrainingProvider()
    const body = draft({ address: provider.baseURL, key: provider.key })
    const unknown = { events: null, checkpoints: null, metrics: null }
    // It has no list of files.
    expect(await offersOf(body)).toEqual({ files: false, jobs: true, ...unknown })
    const sdk = new OpenAI({ baseURL: provider.baseURL, apiKey: provider.key })
    const { id } = await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: 'file-1' })
    expect(await offersOf(body)).toMatchObject({ events: true, checkpoints: true, metrics: null })
    const job = provider.jobs.get(id)
    if (job) job.status = 'succeeded'
    expect(await offersOf(body)).toMatchObject({ events: true, checkpoints: true, metrics: false })
    provider.tell(id, { message: 'Step 1', type: 'metrics', data: { step: 1, train_loss: 2 } })
    expect(await offersOf(body)).toMatchObject({ metrics: true })
    provider.faults.bare = true
    expect(await offersOf(body)).toMatchObject({ events: false, checkpoints: false, metrics: false })
    expect(provider.creations).toHaveLength(1)
    await provider.close()
  })

  test('that only answers has neither files nor jobs; of a known kind nothing is asked', async () => {
    const none = { files: false, jobs: false, events: null, checkpoints: null, metrics: null }
    expect(await offersOf(draft())).toEqual(none)
    expect(await offersOf(draft({ kind: 'vllm' }))).toBeNull()
    expect(await offersOf(draft({ key: 'sk-another-key-0000' }))).toBeNull()
  })
})

describe('a test', () => {
  const ask = async (more: object = {}) => (await callRoute(trial.POST, { body: draft(more) })).answer

  test('tells how the provider answers and keeps nothing', async () => {
    expect(await ask()).toMatchObject({ message: null, models: 4, ms: expect.any(Number) })
    expect(await ask({ key: 'sk-another-key-0000' })).toMatchObject({ models: null, message: /key/i })
    expect(await studio().selectFrom('connections').selectAll().execute()).toEqual([])
  })

  test('connects to nothing nearby unless that was said', async () => {
    expect(await ask({ nearby: false })).toMatchObject({
      message: expect.stringContaining('does not connect to 127.0.0.1'),
    })
    expect((await add(draft({ nearby: false }))).status).toBe(502)
    const named = server.baseURL.replace('127.0.0.1', 'localhost')
    expect(await ask({ address: named, nearby: false })).toMatchObject({
      message: expect.stringContaining('does not connect to localhost'),
    })
    expect(await ask({ address: named })).toMatchObject({ message: null })
  })
})

describe.each(ADDRESSED_KINDS)('a provider of kind %s', (kind) => {
  const address = (host: string) => {
    const at = server.baseURL.replace('127.0.0.1', host)
    return kind === 'fireworks' ? `${at}/accounts/me` : at
  }
  const body = (host: string, nearby: boolean) => draft({ kind, address: address(host), nearby })

  test('is added under an id of its kind, and its key is in no file and on no page', async () => {
    const { status, text, answer } = await add(body('127.0.0.1', true))
    expect(status).toBe(200)
    expect(answer.find(({ own }) => own)?.id).toMatch(new RegExp(`^${kind}-\\w{8}$`))
    expect(text).not.toContain(KEY)
    expect(await filesWith(folder, KEY)).toEqual([])
    const [{ sealed }] = (await studio().selectFrom('connections').select('sealed').execute()) as [
      { sealed: string },
    ]
    expect(Buffer.from(sealed, 'base64').includes(KEY)).toBe(false)
  })

  test('is reached nearby only where that was said, by number and by name', async () => {
    expect((await add(body('127.0.0.1', false))).status).toBe(502)
    const named = await callRoute(trial.POST, { body: body('localhost', false) })
    expect(named.answer).toMatchObject({ message: expect.stringContaining('does not connect to localhost') })
    const metadata = await callRoute(trial.POST, { body: body('169.254.169.254', true) })
    expect(metadata.answer).toMatchObject({
      message: expect.stringContaining('does not connect to 169.254.169.254'),
    })
  })
})

describe('a key at rest', () => {
  const trouble = async (id: string) => failure(await Promise.try(() => client(id)).catch((thrown) => thrown))

  test('opens for its own address alone', async () => {
    const { id } = await added()
    await studio().updateTable('connections').set({ address: 'https://thief.example.org/v1' }).execute()
    await loadConnections()
    expect(await trouble(id)).toMatchObject({
      code: 'unavailable',
      message: /was changed and cannot be read/,
    })
  })

  test('does not open with another file, and says which', async () => {
    const { id } = await added()
    const right = readFileSync(keyFile)
    writeFileSync(keyFile, `${Buffer.alloc(32, 1).toString('base64')}\n`)
    await loadConnections()
    expect(await trouble(id)).toMatchObject({ message: expect.stringContaining(keyFile) })
    writeFileSync(keyFile, 'damaged')
    await loadConnections()
    expect(await trouble(id)).toMatchObject({ message: /is damaged/ })
    rmSync(keyFile)
    await loadConnections()
    expect(await trouble(id)).toMatchObject({ message: /neither read nor made.*ENOENT/ })
    writeFileSync(keyFile, right)
    await loadConnections()
    expect((await client(id).models.list()).data.length).toBeGreaterThan(0)
  })
})

test('a removal forgets the key and keeps the name; a rename changes the name alone', async () => {
  const { id } = await added()
  const params = { providerId: id }
  const renamed = await callRoute(one.PATCH, { params, body: { name: 'Ours' }, method: 'PATCH' })
  expect(renamed.answer).toMatchObject([{ id, name: 'Ours', health: { state: 'ok' } }])
  const removed = await callRoute(one.DELETE, { params, method: 'DELETE' })
  expect(removed.answer).toEqual([])
  expect(await studio().selectFrom('connections').selectAll().execute()).toMatchObject([
    { id, name: 'Ours', sealed: null, sealed_by: null, key_end: null },
  ])
  expect(() => client(id)).toThrow(/There is no provider/)
  expect((await callRoute(one.DELETE, { params, method: 'DELETE' })).status).toBe(404)
})

test('a redirect takes no key along', async () => {
  const seen: unknown[] = []
  const thief = http.createServer(({ headers }, response) => {
    seen.push(headers.authorization)
    response.end('{}')
  })
  const door = http.createServer((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${(thief.address() as AddressInfo).port}/` }).end()
  })
  for (const each of [thief, door]) await new Promise<void>((done) => each.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(door.address() as AddressInfo).port}/v1`
  const { answer } = await callRoute(trial.POST, { body: draft({ address }) })
  expect(answer).toMatchObject({ models: null, message: expect.any(String) })
  expect(seen).toEqual([])
  for (const each of [thief, door]) each.close()
})

describe('numeric hosts in every spelling', () => {
  const hostOf = (host: string) => new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '')
  const metadata = [
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '2852039166',
    '0xa9fea9fe',
    '[fd00:ec2::254]',
  ]
  const here = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::1]',
    '[::ffff:7f00:1]',
    '１２７.0.0.1',
  ]
  const network = ['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '[fc00::1]']
  const reserved = ['0.0.0.0', '0', '[::]', '224.0.0.1', '255.255.255.255', '[fe80::1]', '[64:ff9b::7f00:1]']

  test.each([...metadata, ...reserved])('%s is never reached', (host) => {
    expect([isWithin(hostOf(host), 'public'), isWithin(hostOf(host), 'nearby')]).toEqual([false, false])
  })
  test.each([...here, ...network])('%s is reached only where that was said', (host) => {
    expect([isWithin(hostOf(host), 'public'), isWithin(hostOf(host), 'nearby')]).toEqual([false, true])
  })
  test.each(['93.184.216.34', '[2606:2800:220:1:248:1893:25c8:1946]'])('%s is public', (host) => {
    expect(isWithin(hostOf(host), 'public')).toBe(true)
  })
})
