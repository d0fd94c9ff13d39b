import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))

let engine: TestEngine
let folder: string

beforeAll(async () => {
  folder = await newFolder()
  await cp(shipped, path.join(folder, 'My Model'), { recursive: true })
  await cp(shipped, path.join(folder, 'other-kind'), { recursive: true })
  await writeFile(path.join(folder, 'other-kind', 'config.json'), '{"model_type":"gpt2"}')
  await mkdir(path.join(folder, 'empty'))
  engine = await startEngine(await newFolder(), folder)
})
afterAll(async () => {
  await stopEngine(engine)
  await rm(folder, { recursive: true })
})

describe('a folder of models', () => {
  test('adds those that can be used, under clean names', async () => {
    const { data } = await engine.client.models.list()
    expect(data.map(({ id }) => id)).toEqual(['limerick-base', 'my-model'])
    expect(data[1]).toMatchObject({
      limerick: {
        ...{ base: 'my-model', context: 512, parameters: 2_828_736, job: null },
        training: { method: 'full', tokens_per_second: expect.closeTo(1_100, -2), measured_at: null },
      },
    })
    expect(JSON.stringify(data)).not.toContain(folder)
  })

  test('can be chatted with and trained', async () => {
    const { client } = engine
    const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
    const answer = await client.chat.completions.create({ model: 'my-model', messages, temperature: 0 })
    expect(answer.model).toBe('my-model')
    const training_file = await upload(client, elle.slice(0, 10))
    const hyperparameters = { n_epochs: 1, batch_size: 10 }
    const job = await client.fineTuning.jobs.create({ model: 'my-model', training_file, hyperparameters })
    const { fine_tuned_model: model = '' } = await ended(client, job.id)
    expect(model).toMatch(/^ft:my-model:limerick::/)
    const escaped = `${engine.baseURL}/models/${encodeURIComponent(model ?? '')}`
    const headers = { authorization: `Bearer ${engine.key}` }
    expect(await (await fetch(escaped, { headers })).json()).toMatchObject({
      id: model,
      limerick: { base: 'my-model', training: { measured_at: expect.any(Number) } },
    })
  })

  test('a base that was trained tells how fast that was, the others what ships', async () => {
    const { data } = (await engine.client.models.list()) as unknown as { data: WireModel[] }
    const speeds = new Map(data.map(({ id, limerick }) => [id, limerick.training]))
    expect(speeds.get('my-model')?.measured_at).toBeGreaterThan(Date.now() - 600_000)
    expect(speeds.get('my-model')?.tokens_per_second).toBeGreaterThan(0)
    expect(speeds.get('limerick-base')?.measured_at).toBeNull()
  })
})
