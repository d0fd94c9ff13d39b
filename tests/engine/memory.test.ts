/** Memory for training: what is needed, refused, measured and watched. */
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trainingMemory } from '#lib/engine/memory.ts'
import { watchMemory } from '#lib/engine/memory-watch.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import type { WireModel } from '#lib/engine/wire.ts'
import { bytesFor, longestFitting } from '#lib/training-data/memory.ts'
import { elle, ended, newFolder, startEngine, type TestEngine, upload } from '#tests/support/engine.ts'
import { writeByteModel } from './model/small-model.ts'

const GB = 1e9

describe('the memory of a training', () => {
  const memory = { fixed: 2 * GB, perToken: 2e6, perTokenSquared: 1_000 }

  test.each([
    [4 * GB, 704],
    [2.1 * GB, 32],
    [2.01 * GB, 0],
    [1 * GB, 0],
  ])('with %d bytes free, rows of %d tokens fit', (free, tokens) => {
    expect(longestFitting(memory, free)).toBe(tokens)
    if (tokens > 0) expect(bytesFor(memory, tokens)).toBeLessThanOrEqual(free)
    if (tokens > 0) expect(bytesFor(memory, tokens + 32)).toBeGreaterThan(free)
  })

  test('by adapter holds the weights once, and in full its gradients and moments too', () => {
    const base = readModelConfig('lib/engine/base')
    const [full, lora] = (['full', 'lora'] as const).map((method) => trainingMemory(base, method).fixed)
    expect((full ?? 0) - (lora ?? 0)).toBeGreaterThan(3 * 4 * 5e6)
  })

  test('is watched: what stops the training is called once, when little is left', async () => {
    const left = [3 * GB, 2 * GB, 0.1 * GB, 0]
    const found = await new Promise<number>((resolve) => {
      watchMemory(resolve, () => left.shift() ?? 0, GB)
    })
    expect([found, left]).toEqual([0.1 * GB, [0]])
  })
})

describe('an engine with little memory', () => {
  let folder: string
  let engine: TestEngine
  const small = 420e6

  beforeAll(async () => {
    folder = await newFolder()
    // 32 million numbers: they fit, and little beside them.
    await mkdir(path.join(folder, 'models', 'wide'), { recursive: true })
    writeByteModel(path.join(folder, 'models', 'wide'), 1, {
      hidden_size: 1024,
      intermediate_size: 4096,
      max_position_embeddings: 32_768,
    })
    engine = await startEngine(path.join(folder, 'engine'), path.join(folder, 'models'), {
      memoryLimit: small,
    })
  })
  afterAll(async () => {
    await engine?.kill()
    await rm(folder, { recursive: true })
  })

  const create = async (model: string, method: 'full' | 'lora', rows = elle.slice(0, 10)) =>
    engine.client.fineTuning.jobs.create({
      model,
      training_file: await upload(engine.client, rows),
      hyperparameters: { n_epochs: 1 },
      limerick: { method },
    } as never)

  test('refuses a job whose model does not fit, with what it needs and what there is', async () => {
    const refusal = (await create('wide', 'full').catch((thrown: unknown) => thrown)) as APIError
    expect([refusal.status, refusal.code]).toEqual([400, 'out_of_memory'])
    expect(refusal.message).toMatch(
      /^400 Training this model needs \d\.\d GB of memory, and LIMERICK_MEMORY allows 0\.4 GB\. Choose a smaller model/,
    )
  })

  test('ends a job whose rows are too long for it, and says which length fits', async () => {
    const long = `Tell me ${'more and '.repeat(2_000)}more.`
    const row = JSON.stringify({
      messages: [
        { role: 'user', content: long },
        { role: 'assistant', content: 'No.' },
      ],
    })
    const { id } = await create(
      'wide',
      'lora',
      Array.from({ length: 10 }, () => row),
    )
    expect(await ended(engine.client, id)).toMatchObject({
      status: 'failed',
      error: {
        code: 'out_of_memory',
        message: expect.stringMatching(/on rows of up to \d+ tokens needs .* Shorten the rows to \d+ tokens/),
      },
    })
  })

  test('tells what a job takes and what is free', async () => {
    const { data } = (await engine.client.models.list()) as unknown as { data: WireModel[] }
    const base = data.find(({ id }) => id === 'limerick-base')?.limerick.training
    expect(base?.memory.fixed).toBeGreaterThan(4 * 5e6)
    expect(base?.free.memory).toBe(small)
    expect(base?.free.disk).toBeGreaterThan(0)
    expect(base?.disk).toBeGreaterThan(4 * 5e6)
  })

  test('measures one step of a model that no job has trained', async () => {
    const measure = (model: string) =>
      engine.client.post(new URL(`/limerick/models/${model}/measure`, engine.baseURL).href) as Promise<
        WireModel['limerick']['training']
      >
    const [one, other] = await Promise.all([measure('limerick-base'), measure('limerick-base')])
    expect(one).toEqual(other)
    expect(one.tokens_per_second).toBeGreaterThan(0)
    expect(one.measured_at).toBeGreaterThan(Date.now() - 60_000)
    await expect(measure('nobody')).rejects.toMatchObject({ status: 404 })
  })
})
