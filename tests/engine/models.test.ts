import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GENERATION_CONFIG } from '#lib/engine/model/generation-config.ts'
import type { WireModel } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'
import { libraryOf } from '#tests/support/library.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))

let engine: TestEngine
let folder: string

beforeAll(async () => {
  folder = await newFolder()
  await cp(shipped, path.join(folder, 'My Model'), { recursive: true })
  await cp(shipped, path.join(folder, 'other-kind'), { recursive: true })
  await writeFile(path.join(folder, 'other-kind', 'config.json'), '{"model_type":"gpt2"}')
  await mkdir(path.join(folder, 'empty'))
  await writeFile(path.join(folder, 'My Model', GENERATION_CONFIG), '{"temperature":0.25,"top_p":0.9}')
  await cp(shipped, path.join(folder, 'plain'), { recursive: true })
  await rm(path.join(folder, 'plain', GENERATION_CONFIG))
  await cp(shipped, path.join(folder, 'too-hot'), { recursive: true })
  await writeFile(path.join(folder, 'too-hot', GENERATION_CONFIG), '{"temperature":9}')
  engine = await startEngine(await newFolder(), folder)
})
afterAll(async () => {
  await stopEngine(engine)
  await rm(folder, { recursive: true })
})

type Answer = OpenAI.ChatCompletion & { limerick: { sampling: { temperature: number; top_p: number } } }

/** How a model is sampled when the request says no more than `more`. */
async function samplingOf(model: string, more: { temperature?: number; top_p?: number } = {}) {
  const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
  const answer = await engine.client.chat.completions.create({ model, messages, max_tokens: 2, ...more })
  return (answer as Answer).limerick.sampling
}

test('each model takes the room of its own files', async () => {
  const bytesIn = async (name: string) => {
    const files = (await readdir(path.join(folder, name), { withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    const sizes = await Promise.all(files.map((one) => stat(path.join(folder, name, one.name))))
    return sizes.reduce((sum, { size }) => sum + size, 0)
  }
  const { data } = await libraryOf(engine).sizes()
  const sizes = new Map(data.map(({ id, bytes }) => [id.toLowerCase(), bytes]))
  expect(sizes.get('my-model')).toBe(await bytesIn('My Model'))
  expect(sizes.get('plain')).toBe(await bytesIn('plain'))
  expect(sizes.has('other-kind')).toBe(false)
})

describe('sampling', () => {
  test('is what the model recommends in its generation_config.json', async () => {
    expect(await samplingOf('my-model')).toEqual({ temperature: 0.25, top_p: 0.9 })
  })

  test('is what a request says, 0 and 1 included', async () => {
    expect(await samplingOf('my-model', { temperature: 1 })).toEqual({ temperature: 1, top_p: 0.9 })
    expect(await samplingOf('my-model', { temperature: 0, top_p: 1 })).toEqual({ temperature: 0, top_p: 1 })
  })

  test('is 1 for a folder that recommends nothing', async () => {
    expect(await samplingOf('plain')).toEqual({ temperature: 1, top_p: 1 })
  })

  test('is told at the end of a stream too', async () => {
    const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
    const stream = await engine.client.chat.completions.create({ model: 'my-model', messages, stream: true })
    const told = []
    for await (const chunk of stream) told.push((chunk as { limerick?: unknown }).limerick)
    expect(told.filter(Boolean)).toEqual([
      expect.objectContaining({ sampling: { temperature: 0.25, top_p: 0.9 } }),
    ])
  })
})

describe('a folder of models', () => {
  test('adds those that can be used, under clean names', async () => {
    const { data } = await engine.client.models.list()
    expect(data.map(({ id }) => id)).toEqual(['limerick-base', 'My-Model', 'plain'])
    expect(data[1]).toMatchObject({
      limerick: {
        ...{ base: 'My-Model', context: 512, parameters: 5_180_672, job: null },
        training: { method: 'full', tokens_per_second: expect.closeTo(600, -2), measured_at: null },
      },
    })
    expect(JSON.stringify(data)).not.toContain(folder)
  })

  test('can be chatted with and trained', async () => {
    const { client } = engine
    const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
    const answer = await client.chat.completions.create({ model: 'my-model', messages, temperature: 0 })
    expect(answer.model).toBe('My-Model')
    const training_file = await upload(client, elle.slice(0, 10))
    const hyperparameters = { n_epochs: 1, batch_size: 10 }
    const job = await client.fineTuning.jobs.create({ model: 'my-model', training_file, hyperparameters })
    const { fine_tuned_model: model = '' } = await ended(client, job.id)
    expect(model).toMatch(/^ft:My-Model:limerick::/)
    expect(await samplingOf(model ?? '')).toEqual({ temperature: 0.25, top_p: 0.9 })
    const escaped = `${engine.baseURL}/models/${encodeURIComponent(model ?? '')}`
    const headers = { authorization: `Bearer ${engine.key}` }
    expect(await (await fetch(escaped, { headers })).json()).toMatchObject({
      id: model,
      limerick: { base: 'My-Model', training: { measured_at: expect.any(Number) } },
    })
  })

  test('keeps what was trained on it when its base is replaced: full models answer, adapters say what they lack', async () => {
    const { client } = engine
    const training_file = await upload(client, elle.slice(0, 10))
    const train = async (method: 'full' | 'lora') => {
      const body = { model: 'plain', training_file, hyperparameters: { n_epochs: 1, batch_size: 10 } }
      const job = await client.fineTuning.jobs.create({ ...body, ...{ limerick: { method } } })
      return (await ended(client, job.id)).fine_tuned_model ?? ''
    }
    const [full, lora] = [await train('full'), await train('lora')]
    const ask = (model: string) =>
      client.chat.completions.create({
        ...{ model, max_tokens: 3, messages: [{ role: 'user', content: 'Tell me about Gold' }] },
      })
    expect((await ask(lora)).model).toBe(lora)
    const weights = path.join(folder, 'plain', 'model.safetensors')
    const bytes = await readFile(weights)
    bytes.writeUInt16LE(bytes.readUInt16LE(bytes.length - 2) ^ 1, bytes.length - 2)
    await writeFile(weights, bytes)
    expect((await ask(full)).model).toBe(full)
    await expect(ask(lora)).rejects.toMatchObject({
      status: 400,
      code: 'model_unusable',
      param: 'model',
      message: expect.stringMatching(/adapter of a base model that has been replaced.*Train again/),
    })
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(
      expect.arrayContaining([full, lora]),
    )
  })

  test('a base that was trained tells how fast that was, the others what ships', async () => {
    const { data } = (await engine.client.models.list()) as unknown as { data: WireModel[] }
    const speeds = new Map(data.map(({ id, limerick }) => [id, limerick.training]))
    expect(speeds.get('My-Model')?.measured_at).toBeGreaterThan(Date.now() - 600_000)
    expect(speeds.get('My-Model')?.tokens_per_second).toBeGreaterThan(0)
    expect(speeds.get('limerick-base')?.measured_at).toBeNull()
  })
})
