/** What can train here, what a training takes of it, and what is refused because of it; the trainer is the fake one. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSpec, runFolder } from '#lib/engine/trainers/run-folder.ts'
import type { WireJob, WireTrainer, WireTrainers } from '#lib/engine/wire.ts'
import { bytesFor } from '#lib/training-data/memory.ts'
import {
  elle,
  ended,
  eventsOf,
  newFolder,
  reachedStep,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'
import { fakeGpu, fakePython } from '#tests/support/fake-python.ts'

let engine: TestEngine
let python: string
let training: string

const interpreter = (facts: object = {}, env: Record<string, number> = {}): string =>
  fakePython(path.dirname(python), { facts, env: { FAKE_STEP: 50, ...env } })

beforeAll(async () => {
  python = path.join(await newFolder(), 'python')
  interpreter()
  engine = await startEngine(await newFolder(), null, { python })
  training = await upload(engine.client, elle.slice(0, 10))
})
afterAll(async () => {
  await stopEngine(engine)
  rmSync(path.dirname(python), { recursive: true })
})

const ask = async (address: string) => {
  const answer = await engine.client.get(new URL(`/limerick/trainers${address}`, engine.client.baseURL).href)
  return answer as unknown
}

/** After what the interpreter says now has been asked. */
async function asked(): Promise<Record<'onnx' | 'trl', WireTrainer> & { disk: number }> {
  await ask('?refresh=true')
  const { data, disk } = await until('the probe', async () => {
    const list = (await ask('')) as WireTrainers
    return list.data.every(({ state }) => state !== 'asking') && list
  })
  const named = Object.fromEntries(data.map((trainer) => [trainer.name, trainer]))
  return { ...(named as Record<'onnx' | 'trl', WireTrainer>), disk }
}

const create = async (limerick: object, more: object = {}): Promise<WireJob> =>
  (await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: training,
    seed: 7,
    hyperparameters: { n_epochs: 1, batch_size: 2 },
    limerick: { trainer: 'trl', ...limerick },
    ...more,
  } as OpenAI.FineTuning.JobCreateParams)) as WireJob

const needsOf = async (method: string) =>
  (await ask(`/trl/models/limerick-base?method=${method}`)) as {
    device: string
    tokens_per_second: number | null
    memory: { fixed: number; per_token: number; per_token_squared: number }
    free: { memory: number }
  }

describe('the list of trainers', () => {
  test('without a GPU: both train on the processor, and why weights of 4 bits cannot', async () => {
    interpreter()
    const { onnx, trl, disk } = await asked()
    expect(onnx).toMatchObject({ state: 'ready', devices: [], methods: [{ name: 'full' }, { name: 'lora' }] })
    expect(onnx.cpu.free).toBeGreaterThan(0)
    expect(onnx.cpu.memory).toBeGreaterThanOrEqual(onnx.cpu.free)
    expect(trl).toMatchObject({ state: 'ready', problem: null, versions: { node: process.versions.node } })
    expect(trl.methods.at(-1)).toEqual({ name: 'qlora', missing: 'no_gpu' })
    expect(disk).toBeGreaterThan(0)
  })

  test('with GPUs, the emptiest first, and what stands in their way', async () => {
    const problem = { code: 'driver', message: 'The driver is old.', values: { driver: '535' } }
    const devices = [fakeGpu(8e9, 2e9), { ...fakeGpu(16e9), index: 1, name: 'NVIDIA Other' }]
    interpreter({ devices, bf16: true, cuda: '13.0', quantization: ['nf4'], problems: [problem] })
    const { trl } = await asked()
    expect(trl.devices).toEqual([
      { name: 'NVIDIA Other', memory: 16e9, free: 16e9, capability: '8.6', driver: '580.1', idle: true },
      { name: 'NVIDIA Test', memory: 8e9, free: 2e9, capability: '8.6', driver: '580.1', idle: false },
    ])
    expect(trl).toMatchObject({ cuda: '13.0', bf16: true, problems: [problem] })
    expect(trl.methods.at(-1)).toEqual({ name: 'qlora', missing: null })
  })

  test('an environment that lacks packages names them', async () => {
    interpreter({ missing: ['trl'] })
    const { trl } = await asked()
    expect(trl).toMatchObject({ state: 'incomplete', missing: ['trl'], devices: [], methods: [] })
    await expect(create({})).rejects.toMatchObject({ message: expect.stringContaining('packages trl') })
  })
})

describe('weights of 4 bits', () => {
  test.each([
    ['no GPU', {}, 'need an NVIDIA GPU'],
    ['no package', { devices: [fakeGpu(16e9)] }, 'need the package bitsandbytes'],
  ])('are refused in words: %s', async (_, facts, words) => {
    interpreter(facts)
    await asked()
    const refused = { status: 400, param: 'limerick.method', message: expect.stringContaining(words) }
    await expect(create({ method: 'qlora' })).rejects.toMatchObject(refused)
    await expect(needsOf('qlora')).rejects.toMatchObject({ param: 'method' })
  })

  test('are not known to the built-in trainer', async () => {
    await expect(create({ trainer: 'onnx', method: 'qlora' })).rejects.toMatchObject({
      param: 'limerick.method',
      message: expect.stringContaining('Only the trl trainer'),
    })
  })

  test('are in the spec where there is a GPU', async () => {
    interpreter({ devices: [fakeGpu(16e9)], quantization: ['nf4'], bf16: true })
    await asked()
    const job = await create({ method: 'qlora' }, { hyperparameters: { n_epochs: 50, batch_size: 2 } })
    expect(job.limerick.method).toBe('qlora')
    await reachedStep(engine.client, job.id, 1)
    const spec = readSpec(runFolder(path.join(engine.folder, 'jobs', job.id, 'run')))
    expect(spec).toMatchObject({ tuning: 'lora', quantization: 'nf4', dtype: 'bf16', devices: [0] })
    await engine.client.fineTuning.jobs.cancel(job.id)
  })
})

describe('memory', () => {
  test('that no such device has is refused at once, with what would fit', async () => {
    interpreter({ devices: [fakeGpu(1.22e9)], bf16: true })
    await asked()
    await expect(create({ method: 'full' })).rejects.toMatchObject({
      status: 400,
      code: 'out_of_memory',
      message: expect.stringContaining(
        'Training this model with the trl trainer needs 1.3 GB on NVIDIA Test, and 1.2 GB is free. What would fit: limerick.method "lora".',
      ),
    })
  })

  test('that several GPUs have together is not refused while others work with them', async () => {
    const busy = { memory: 1.22e9, free: 0.1e9 }
    const [one, other] = [fakeGpu(busy.memory, busy.free), fakeGpu(busy.memory, busy.free)]
    interpreter({ devices: [one, { ...other, index: 1, uuid: 'GPU-2' }], bf16: true })
    await asked()
    const job = await ended(engine.client, (await create({ method: 'full' })).id)
    expect(job).toMatchObject({ status: 'failed', error: { code: 'out_of_memory' } })
  })

  test('that is not free when its turn comes fails the job before anything is loaded, with the length that fits', async () => {
    interpreter({ devices: [fakeGpu(8e9, 1.188e9)], bf16: true })
    await asked()
    const long = elle[0]?.replace('"}]', ` ${'and so on and on '.repeat(60)}"}]`) ?? ''
    const file = await upload(engine.client, [long, ...elle.slice(1, 10)])
    const job = await ended(engine.client, (await create({ method: 'lora' }, { training_file: file })).id)
    expect(job).toMatchObject({ status: 'failed', error: { code: 'out_of_memory' } })
    const [, tokens, fits] =
      /on rows of up to (\d+) tokens .* on NVIDIA Test, .* limerick\.max_length (\d+)\.$/.exec(
        job.error?.message ?? '',
      ) ?? []
    expect(Number(tokens)).toBeGreaterThan(Number(fits))
    const { memory, free } = await needsOf('lora')
    const terms = {
      fixed: memory.fixed,
      perToken: memory.per_token,
      perTokenSquared: memory.per_token_squared,
    }
    expect(bytesFor(terms, Number(fits))).toBeLessThanOrEqual(free.memory)
    const shorter = await create({ method: 'lora', max_length: Number(fits) }, { training_file: file })
    expect(await ended(engine.client, shorter.id)).toMatchObject({ status: 'succeeded' })
  })

  test('is corrected by what the first step took, and an event says so', async () => {
    interpreter({}, { FAKE_MEMORY: 2e8 })
    await asked()
    const before = await needsOf('lora')
    expect(before).toMatchObject({ device: 'CPU', tokens_per_second: null })
    const job = await ended(engine.client, (await create({ method: 'lora' })).id)
    expect(job.limerick.run?.memory).toMatchObject({ estimate: 1e8, measured: 2e8 })
    const messages = (await eventsOf(engine.client, job.id)).map(({ message }) => message)
    expect(messages).toContain(
      'The first step took 0.2 GB of memory; 0.1 GB was estimated. Later estimates are corrected by this',
    )
    const after = await needsOf('lora')
    // Twice as much is another quantity: the estimates follow it so far only.
    expect(after.memory.fixed / before.memory.fixed).toBeCloseTo(1.5, 5)
    expect(after.tokens_per_second).toBeGreaterThan(0)
    expect((await needsOf('full')).tokens_per_second).toBeNull()
  })
})

test('what a job teaches is of the GPU on which it trains, not of the one that is free meanwhile', async () => {
  const gpus = (mine: number, others: number) => ({
    devices: [fakeGpu(8e9, mine), { ...fakeGpu(8e9, others), index: 1, name: 'NVIDIA Other', uuid: 'GPU-2' }],
  })
  interpreter(gpus(8e9, 1e9))
  await asked()
  const { id } = await create({ method: 'lora' }, { hyperparameters: { n_epochs: 50, batch_size: 2 } })
  await reachedStep(engine.client, id, 1)
  interpreter(gpus(1e9, 8e9))
  await asked()
  const { limerick } = (await engine.client.fineTuning.jobs.retrieve(id)) as WireJob
  await reachedStep(engine.client, id, (limerick.step ?? 0) + 15)
  await engine.client.fineTuning.jobs.cancel(id)
  await ended(engine.client, id)
  expect(limerick.run?.devices).toEqual([{ name: 'NVIDIA Test' }])
  expect(await needsOf('lora')).toMatchObject({ device: 'NVIDIA Other', tokens_per_second: null })
  interpreter(gpus(8e9, 1e9))
  await asked()
  expect(await needsOf('lora')).toMatchObject({
    device: 'NVIDIA Test',
    tokens_per_second: expect.any(Number),
  })
})

describe('a length that is asked for', () => {
  test.each(['onnx', 'trl'] as const)('cuts longer rows, which are named: %s', async (trainer) => {
    interpreter()
    await asked()
    const job = await ended(engine.client, (await create({ trainer, method: 'lora', max_length: 48 })).id)
    expect(job).toMatchObject({ status: 'succeeded', limerick: { max_length: 48 } })
    const cut = (await eventsOf(engine.client, job.id)).find(({ level }) => level === 'warn')
    expect(cut?.message).toMatch(
      /^The model reads 48 tokens of an example, .* is cut off in \d+ of 10 examples/,
    )
  })

  test('that leaves nothing of an answer fails the job, and says what to raise', async () => {
    const job = await ended(engine.client, (await create({ trainer: 'onnx', max_length: 32 })).id)
    expect(job.status).toBe('failed')
    expect(job.error?.message).toContain('Raise limerick.max_length, or shorten the examples.')
  })
})
