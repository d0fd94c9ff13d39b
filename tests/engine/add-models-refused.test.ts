import {
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WireModel, WireModels } from '#lib/engine/wire.ts'
import { elle, upload } from '#tests/support/engine.ts'
import { COMMIT, type TestHub } from '#tests/support/hub.ts'
import { REPO, setUpLibrary, shipped, WEIGHTS, weights } from '#tests/support/set-up-library.ts'
import { freePort } from '#tests/support/studio.ts'

const { hub, root, folderOf, engine, library, restart, models, downloads } = await setUpLibrary()

describe('a model that cannot be had', () => {
  const refusals: [string, Parameters<TestHub['faults']['set']>[1], RegExp][] = [
    ['asks to wait', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, /wait.*in 7 seconds/],
    ['is out of order', { kind: 'status', status: 500 }, /status 500/],
    ['sends no end', { kind: 'endless' }, /more than \d+ bytes/],
    ['sends no JSON', { kind: 'damaged' }, /no JSON/],
    ['says nothing', { kind: 'silent', after: 0 }, /cannot be reached/],
    [
      'sends us round in circles',
      { kind: 'status', status: 302, headers: { location: '/api/models/a/b/revision/main?blobs=true' } },
      /redirects without end/,
    ],
  ]
  test.each(refusals)('is refused in words when the hub %s', async (_, fault, words) => {
    hub.faults.set('info', fault)
    const { status, answer } = await library().check({ repo: REPO })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(answer.error.message).toMatch(words)
  })

  test('is refused when there is none, no such revision, no such name, or no network', async () => {
    const said = async (source: Parameters<ReturnType<typeof library>['check']>[0]) => {
      const { status, answer } = await library().check(source)
      return [status, answer.error.message] as const
    }
    expect(await said({ repo: 'owner/nothing' })).toEqual([
      404,
      expect.stringContaining('has no model owner/nothing'),
    ])
    expect(await said({ repo: REPO, revision: 'v2' })).toEqual([
      404,
      expect.stringContaining('no such revision'),
    ])
    expect(await said({ repo: '../../etc' })).toEqual([400, expect.stringContaining('owner/name')])
    await restart({ endpoint: `http://127.0.0.1:${await freePort()}` })
    expect(await said({ repo: REPO })).toEqual([
      502,
      expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/),
    ])
  })

  test('is refused before a byte of its weights comes, by the name of what is missing', async () => {
    const phi = await library().check({ repo: 'owner/Phi' })
    expect(phi.answer).toMatchObject({ facts: null, problem: expect.stringContaining('phi3 is not known') })
    const base = await library().check({ repo: 'owner/Base' })
    expect(base.answer.problem).toContain('no chat template')
    const unhashed = await library().check({ repo: 'owner/Unhashed' })
    expect(unhashed.answer.problem).toMatch(/^the hub tells no checksum of /)
    for (const repo of ['owner/Phi', 'owner/Base', 'owner/Unhashed']) {
      const { status, answer } = await library().add({ repo })
      expect([status, answer.error.code]).toEqual([400, 'model_unusable'])
    }
    expect(hub.requests.filter(({ host }) => host === 'cdn')).toEqual([])
    expect(downloads()).toEqual([])
  })

  test('that is gated says what to do; with the right token it comes, and the token goes to the hub alone', async () => {
    const repo = 'owner/Gated-Instruct'
    const { answer } = await library().check({ repo })
    expect(answer).toMatchObject({ gated: true, licence: 'gemma', facts: null })
    expect(answer.problem).toMatch(new RegExp(`Open ${hub.endpoint}/${repo}, accept, set HF_TOKEN`))
    expect((await library().add({ repo })).status).toBe(400)

    const { folder } = engine()
    await restart({ token: 'hf_somebody-else' })
    expect((await library().check({ repo })).answer.problem).toContain('the account of HF_TOKEN has not')
    await restart({ token: hub.token })
    hub.requests.length = 0
    await library().add({ repo })
    await library().arrived('Gated-Instruct')
    expect(new Set(hub.requests.map(({ host, authorization }) => `${host} ${authorization}`))).toEqual(
      new Set([`hub Bearer ${hub.token}`, 'cdn null']),
    )
    const kept = readFileSync(path.join(folder, 'models', 'Gated-Instruct', 'limerick.json'), 'utf8')
    expect([kept, engine().log(), JSON.stringify(await library().list())].join()).not.toContain(hub.token)
  })
})

describe('a folder on this computer', () => {
  test('is added where it is, and stays there when it is removed', async () => {
    const folder = folderOf('little')
    expect((await library().check({ folder })).answer).toMatchObject({
      ...{ name: 'little', kind: 'folder', source: folder, problem: null, gated: false },
      facts: { parameters: 5_180_672 },
    })
    expect((await library().add({ folder })).answer.added).toEqual([
      { name: 'little', kind: 'folder', source: folder, licence: null, bytes: null, problem: null },
    ])
    expect(await models()).toEqual(['limerick-base', 'little'])
    expect((await library().add({ folder })).status).toBe(409)
    await restart()
    expect(await models()).toEqual(['limerick-base', 'little'])
    expect((await library().remove('little')).answer.added).toEqual([])
    expect(existsSync(path.join(folder, WEIGHTS))).toBe(true)
  })

  test('that is gone is told after a restart, and can be removed', async () => {
    const folder = folderOf('passing')
    cpSync(shipped, folder, { recursive: true })
    await library().add({ folder })
    rmSync(folder, { recursive: true })
    symlinkSync(folder, folder) // neither is a link in a circle, or to where we may not look, a reason not to start
    await restart()
    expect((await library().list()).added).toMatchObject([
      { name: 'passing', problem: 'it lacks config.json' },
    ])
    expect((await library().remove('passing')).answer.added).toEqual([])
    unlinkSync(folder)
  })

  test('that is moved away is told, and no other model suffers', async () => {
    const folder = folderOf('moving')
    cpSync(shipped, folder, { recursive: true })
    await library().add({ folder })
    renameSync(folder, `${folder}-away`)
    const { data, limerick } = await engine().client.get<WireModels>('/models')
    expect(data.map(({ id }) => id)).toEqual(['limerick-base'])
    expect(limerick.unusable).toEqual([{ name: 'moving', reason: 'it lacks config.json' }])
    expect((await library().list()).added).toMatchObject([
      { name: 'moving', problem: 'it lacks config.json' },
    ])
    const refused = {
      ...{ status: 400, code: 'model_unusable' },
      message: expect.stringContaining('cannot be used any more: it lacks config.json'),
    }
    const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
    const { client } = engine()
    await expect(client.models.retrieve('moving')).rejects.toMatchObject(refused)
    await expect(client.chat.completions.create({ model: 'moving', messages })).rejects.toMatchObject(refused)
    const training_file = await upload(client, elle.slice(0, 10))
    await expect(client.fineTuning.jobs.create({ model: 'moving', training_file })).rejects.toMatchObject(
      refused,
    )
    renameSync(`${folder}-away`, folder)
    expect(await models()).toEqual(['limerick-base', 'moving'])
    expect((await library().list()).added).toMatchObject([{ name: 'moving', problem: null }])
  })

  test('is refused when its template or its tokenizer cannot be read', async () => {
    const folder = folderOf('unreadable')
    cpSync(shipped, folder, { recursive: true })
    const problem = async () => (await library().check({ folder })).answer.problem
    writeFileSync(path.join(folder, 'chat_template.jinja'), '{% for message in %}')
    expect(await problem()).toMatch(/^This model's chat template cannot be read: /)
    expect((await library().add({ folder })).status).toBe(400)
    rmSync(path.join(folder, 'chat_template.jinja'))
    expect(await problem()).toBeNull()
    writeFileSync(path.join(folder, 'tokenizer.json'), '{"model":{"type":"Unigram"},"added_tokens":[]}')
    expect(await problem()).toContain('only BPE tokenizers are known')
  })

  test('whose template is edited in place is read again, by the editor and in a chat', async () => {
    const folder = folderOf('speaking')
    cpSync(shipped, folder, { recursive: true })
    await library().add({ folder })
    const asked = { model: 'speaking', messages: [{ role: 'user' as const, content: 'Tell me about Gold' }] }
    const { client } = engine()
    const lengths = async () => [
      (await client.post<{ count: number }>('/tokenize', { body: asked })).count,
      (await client.chat.completions.create({ ...asked, max_tokens: 1 })).usage?.prompt_tokens,
    ]
    const [before] = await lengths()
    expect(before).toBeGreaterThan(3)
    writeFileSync(path.join(folder, 'chat_template.jinja'), "{{ messages[0]['content'] }}")
    const after = await lengths()
    expect(after[0]).toBeLessThan(before ?? 0)
    expect(after[1]).toBe(after[0])
  })

  test('that is removed leaves no measured speed to the next of its name', async () => {
    const folder = folderOf('little')
    const speed = async () => (await engine().client.get<WireModel>('/models/little')).limerick.training
    await library().add({ folder })
    await engine().client.post(new URL('/limerick/models/little/measure', engine().baseURL).href)
    expect((await speed()).measured_at).not.toBeNull()
    await library().remove('little')
    await library().add({ folder })
    expect((await speed()).measured_at).toBeNull()
  })

  test('that changes where it is answers under another fingerprint', async () => {
    const folder = folderOf('changing')
    cpSync(shipped, folder, { recursive: true })
    await library().add({ folder })
    const printed = async () => {
      const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
      const asked = { model: 'changing', messages, max_tokens: 1 }
      return (await engine().client.chat.completions.create(asked)).system_fingerprint
    }
    const before = await printed()
    expect(await printed()).toBe(before)
    const changed = Buffer.from(weights)
    changed[changed.length - 2] = (changed.at(-2) ?? 0) ^ 1
    writeFileSync(path.join(folder, WEIGHTS), changed)
    expect(await printed()).not.toBe(before)
  })

  test('of the hub’s own cache is called after its model', async () => {
    const folder = folderOf(`models--owner--Cached/snapshots/${COMMIT}`)
    await mkdir(path.dirname(folder), { recursive: true })
    cpSync(shipped, folder, { recursive: true })
    expect((await library().check({ folder })).answer).toMatchObject({ name: 'Cached', problem: null })
  })

  test('is refused by its reason', async () => {
    const said = async (folder: string) => {
      const { answer } = await library().check({ folder })
      return answer.problem ?? answer.error.message
    }
    expect(await said('little')).toContain('whole path')
    expect(await said(folderOf('nowhere'))).toContain('There is no folder')
    expect(await said(path.join(shipped, 'config.json'))).toContain('There is no folder')
    expect(await said(folderOf('phi'))).toContain('phi3 is not known')
    expect(await said(root)).toBe('it lacks config.json')
    writeFileSync(path.join(root, 'adapter_config.json'), '{}')
    expect(await said(root)).toContain('it holds an adapter')
  })

  test('that was not added is not removed', async () => {
    expect((await library().remove('limerick-base')).status).toBe(404)
    expect((await library().remove('../jobs')).status).toBe(404)
  })
})

test('the short list tells parameters, memory and time, and what is here', async () => {
  const { offers, memory } = await library().list()
  expect(offers.map(({ name, parameters }) => [name, parameters])).toEqual([
    ['SmolLM2-135M-Instruct', 134_515_008],
    ['SmolLM2-360M-Instruct', 361_821_120],
    ['gemma-3-270m-it', 268_098_176],
    ['Qwen2.5-0.5B-Instruct', 494_032_768],
    ['Qwen3-0.6B', 596_049_920],
    ['Llama-3.2-1B-Instruct', 1_235_814_400],
  ])
  for (const offer of offers) {
    expect(offer.memory).toBeGreaterThan(4 * offer.parameters)
    expect(offer.bytes).toBeGreaterThan(2 * offer.parameters)
    expect([offer.here, offer.seconds > 10]).toEqual([false, true])
  }
  expect(memory).toBeGreaterThan(0)
})
