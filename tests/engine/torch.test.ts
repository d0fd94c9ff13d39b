/** Answers from `limerick_trainer serve` in the generator's place; here the fake one, whose words are known. */
import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { processTree } from '#lib/core/process-info.ts'
import { weightShapes } from '#lib/engine/model/architecture.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import type { TorchAnswers } from '#lib/engine/settings.ts'
import type { WireCompletion, WireTrainers } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  reachedStep,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'
import { fakeGpu, fakePython } from '#tests/support/fake-python.ts'

const BASE = 'limerick-base'
const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
const TEXT = 'a verse of gold'

interface Asked {
  kind: string
  id: string
  model: string
  base: string | null
  tokens: number[]
  seed: number
}

let engine: TestEngine
let home: string

interface World {
  /** ms of a word, and of a step. */
  step?: number
  /** Bytes of a GPU; 0: none. */
  gpu?: number
  /** Name of a model of 470 million parameters. */
  large?: string
}

/** Its weights are a hole in the file system: nobody reads them here. */
function writeLargeModel(folder: string): void {
  cpSync('lib/engine/base', folder, { recursive: true })
  const file = path.join(folder, 'config.json')
  const config = { ...JSON.parse(readFileSync(file, 'utf8')), hidden_size: 2048, intermediate_size: 8192 }
  writeFileSync(file, JSON.stringify(config))
  let end = 0
  const header: Record<string, object> = {}
  for (const [name, shape] of weightShapes(readModelConfig(folder))) {
    const begin = end
    end += 2 * shape.reduce((product, size) => product * size, 1)
    header[name] = { dtype: 'F16', shape, data_offsets: [begin, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  const weights = path.join(folder, 'model.safetensors')
  writeFileSync(weights, Buffer.concat([size, text]))
  truncateSync(weights, 8 + text.length + end)
}

async function start(torchAnswers: TorchAnswers, { step = 5, gpu = 0, large }: World = {}): Promise<void> {
  home = await newFolder()
  const models = path.join(home, 'models')
  if (large) writeLargeModel(path.join(models, large))
  const facts = gpu > 0 ? { devices: [fakeGpu(gpu)], bf16: true } : {}
  const python = fakePython(home, { facts, env: { FAKE_STEP: step, FAKE_ASKED: path.join(home, 'asked') } })
  engine = await startEngine(await newFolder(), large ? models : null, { python, torchAnswers })
  // What its environment can do is asked in the background.
  await until('its probe', async () => (await trainers()).data[1]?.state === 'ready')
}

afterEach(async () => {
  await stopEngine(engine)
  rmSync(home, { recursive: true })
})

async function trainers(): Promise<WireTrainers> {
  const url = `${engine.baseURL.replace('/v1', '')}/limerick/trainers`
  return (await (
    await fetch(url, { headers: { authorization: `Bearer ${engine.key}` } })
  ).json()) as WireTrainers
}

function asked(): Asked[] {
  const file = path.join(home, 'asked')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return lines.map((line) => JSON.parse(line))
}

const ask = (model: string, more: object = {}) =>
  engine.client.chat.completions.create({
    ...{ model, messages, max_tokens: 20, temperature: 0, stream: false },
    ...more,
  }) as unknown as Promise<WireCompletion>

async function train(more: object, limerick: object): Promise<string> {
  const training_file = await upload(engine.client, elle.slice(0, 10))
  const { id } = await engine.client.fineTuning.jobs.create({
    ...{ model: BASE, training_file, hyperparameters: { n_epochs: 1, batch_size: 5 }, ...more },
    limerick,
  } as OpenAI.FineTuning.JobCreateParams)
  return id
}

async function tuned(method: 'lora' | 'full'): Promise<string> {
  return (await ended(engine.client, await train({}, { method, trainer: 'onnx' }))).fine_tuned_model ?? ''
}

test('it answers the base, an adapter on it and a model with all weights trained', async () => {
  await start('always')
  const [adapter, full] = [await tuned('lora'), await tuned('full')]
  for (const model of [BASE, adapter, full]) {
    const answer = await ask(model)
    expect(answer.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: 'stop' })
    expect(answer.system_fingerprint).toMatch(/_torch$/)
    expect(answer.usage?.completion_tokens).toBe(4)
    expect(answer.usage?.prompt_tokens).toBe(asked().at(-1)?.tokens.length)
  }
  const [ofBase, ofAdapter, ofFull] = asked()
  expect(ofBase).toMatchObject({ base: null })
  expect(ofAdapter?.base).toBe(ofBase?.model)
  expect(ofFull).toMatchObject({ base: null })
  expect((await trainers()).data[1]?.answers).toBe('all')
})

test('log-probabilities, several answers, a limit and a stop string', async () => {
  await start('always')
  const two = await ask(BASE, {
    n: 2,
    seed: 7,
    temperature: 1,
    max_tokens: 2,
    logprobs: true,
    top_logprobs: 1,
  })
  expect(two.choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
    ['a verse', 'length'],
    ['a verse', 'length'],
  ])
  expect(two.choices[0]?.logprobs?.content?.[1]).toMatchObject({
    ...{ token: ' verse', logprob: -0.5, bytes: [...Buffer.from(' verse')] },
    top_logprobs: [{ token: ' verse' }],
  })
  expect(asked().map(({ seed }) => seed)).toEqual([7, 8])
  const cut = await ask(BASE, { stop: ['verse'] })
  expect(cut.choices[0]).toMatchObject({ message: { content: 'a ' }, finish_reason: 'stop' })
  await until('the abort', () => asked().at(-1)?.kind === 'abort')
})

test('raw text and float32 stay with the engine', async () => {
  await start('always')
  expect((await ask(BASE, { limerick: { precision: 'exact' } })).system_fingerprint).not.toMatch(/torch/)
  const raw = await engine.client.completions.create({ model: BASE, prompt: 'Gold', max_tokens: 2 })
  expect(raw.system_fingerprint).not.toMatch(/torch/)
})

test('beside a GPU a large model is answered by PyTorch', async () => {
  await start('auto', { gpu: 80e9, large: 'llama-0.5b' })
  const answer = await ask('llama-0.5b')
  expect(answer).toMatchObject({ system_fingerprint: expect.stringMatching(/_torch$/) })
  expect(answer.choices[0]?.message.content).toBe(TEXT)
})

test('a small model is answered by the engine beside a GPU', async () => {
  await start('auto', { gpu: 80e9 })
  expect((await ask(BASE)).system_fingerprint).not.toMatch(/torch/)
  expect((await trainers()).data[1]?.answers).toBe('large')
})

test('never', async () => {
  await start('never', { gpu: 80e9 })
  expect((await ask(BASE)).system_fingerprint).not.toMatch(/torch/)
  expect((await trainers()).data[1]?.answers).toBe('none')
})

test('a training takes its place: the answer that is not over says so, and the engine answers meanwhile', async () => {
  await start('always', { step: 2_000 })
  const stream = await engine.client.chat.completions.create({ model: BASE, messages, stream: true })
  const words: string[] = []
  const told = (async () => {
    for await (const { choices } of stream) words.push(choices[0]?.delta.content ?? '')
  })()
  told.catch(() => undefined)
  await until('a word', () => words.join('') !== '')
  const job = await train(
    { hyperparameters: { n_epochs: 50, batch_size: 5 } },
    { trainer: 'trl', method: 'lora' },
  )
  await expect(told).rejects.toThrow(/A training has taken the GPU/)
  await reachedStep(engine.client, job, 1)
  expect((await ask(BASE)).system_fingerprint).not.toMatch(/torch/)
  await engine.client.fineTuning.jobs.cancel(job)
  await ended(engine.client, job)
  expect((await ask(BASE, { max_tokens: 1 })).system_fingerprint).toMatch(/_torch$/)
})

test('when its process is killed, the answer fails and the next one comes', async () => {
  await start('always', { step: 300 })
  const answer = ask(BASE)
  answer.catch(() => undefined)
  const pid = await until('its process', () =>
    processTree(engine.process.pid as number).find((one) => one !== engine.process.pid && isServing(one)),
  )
  await until('the question', () => asked().length > 0)
  process.kill(pid, 'SIGKILL')
  await expect(answer).rejects.toThrow(/ended unexpectedly/)
  expect((await ask(BASE)).choices[0]?.message.content).toBe(TEXT)
})

test('an interpreter that has gone is told, and hangs nobody', async () => {
  await start('always')
  rmSync(path.join(home, 'python'))
  await expect(ask(BASE)).rejects.toThrow(/ended unexpectedly/)
})

test('an answer whose caller leaves is ended, without a word in the log', async () => {
  await start('always', { step: 2_000 })
  const left = new AbortController()
  const stream = await engine.client.chat.completions.create(
    { model: BASE, messages, stream: true },
    { signal: left.signal },
  )
  for await (const { choices } of stream) if (choices[0]?.delta.content) left.abort()
  await until('the abort', () => asked().at(-1)?.kind === 'abort')
  expect(engine.log()).toBe('')
})

const isServing = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('serve')
  } catch {
    return false
  }
}
