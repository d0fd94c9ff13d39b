/** Answers from a server that behaves as vLLM does: adapters come and go, and it may be away. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { WireCompletion, WireJob, WireTrainers } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'
import { startVllm } from '#tests/support/vllm-server.ts'

const BASE = 'limerick-base'

let vllm: Awaited<ReturnType<typeof startVllm>>
let engine: TestEngine
let tuned: string
let full: string

const start = async (folder: string): Promise<TestEngine> =>
  startEngine(folder, null, { vllm: { address: vllm.origin, key: 'a-key-of-vllm' } })

beforeAll(async () => {
  vllm = await startVllm(BASE)
  engine = await start(await newFolder())
  const training_file = await upload(engine.client, elle.slice(0, 10))
  const train = async (method: 'lora' | 'full'): Promise<string> => {
    const { id } = await engine.client.fineTuning.jobs.create({
      model: BASE,
      training_file,
      hyperparameters: { n_epochs: 1, batch_size: 5 },
      limerick: { method },
    } as OpenAI.FineTuning.JobCreateParams)
    const job = (await ended(engine.client, id)) as WireJob
    return job.fine_tuned_model ?? ''
  }
  ;[tuned, full] = [await train('lora'), await train('full')]
})
afterAll(async () => {
  await stopEngine(engine)
  await vllm.close()
})
beforeEach(() => {
  Object.assign(vllm, { offline: false, refusal: null, cut: false })
  vllm.asked.length = 0
})

const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
const ask = (model: string, more: object = {}) =>
  engine.client.chat.completions.create({
    ...{ model, messages, max_tokens: 20, temperature: 0, stream: false },
    ...more,
  }) as unknown as Promise<WireCompletion>

const tokensOf = async (model: string): Promise<number[]> => {
  const answer = await fetch(`${engine.baseURL.replace('/v1', '')}/tokenize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${engine.key}` },
    body: JSON.stringify({ model, messages, add_generation_prompt: true }),
  })
  return ((await answer.json()) as { tokens: number[] }).tokens
}

const told = async (refresh = false): Promise<WireTrainers['vllm']> => {
  const url = `${engine.baseURL.replace('/v1', '')}/limerick/trainers${refresh ? '?refresh=true' : ''}`
  const answer = await fetch(url, { headers: { authorization: `Bearer ${engine.key}` } })
  return ((await answer.json()) as WireTrainers).vllm
}

test('a fine-tuned model is loaded when it is first asked, and answers with the engine’s own tokens', async () => {
  const answer = await ask(tuned)
  expect(answer.choices[0]).toMatchObject({
    message: { role: 'assistant', content: 'a verse of gold' },
    finish_reason: 'stop',
  })
  expect(answer.model).toBe(tuned)
  expect(answer.system_fingerprint).toMatch(/_vllm$/)
  expect(answer.limerick?.decoding).toEqual({ bits: null })
  const [asked] = vllm.asked
  expect(asked?.model).toBe(tuned)
  expect(asked?.prompt).toEqual(await tokensOf(tuned))
  expect(asked?.stop_token_ids.length).toBeGreaterThan(0)
  expect(answer.usage).toMatchObject({ prompt_tokens: asked?.prompt.length, completion_tokens: 5 })
  const folder = vllm.adapters.get(tuned) ?? ''
  for (const file of ['adapter_config.json', 'adapter_model.safetensors'])
    expect(existsSync(path.join(folder, file))).toBe(true)
  await ask(tuned)
  expect(vllm.seen.filter(({ line }) => line === 'POST /v1/load_lora_adapter')).toHaveLength(1)
  expect(vllm.seen.at(-1)?.headers.get('authorization')).toBe('Bearer a-key-of-vllm')
})

test('streamed, twice, with log-probabilities, and by the Responses API', async () => {
  const stream = await engine.client.chat.completions.create({
    ...{ model: tuned, messages, n: 2, logprobs: true, top_logprobs: 2, stream: true },
    stream_options: { include_usage: true },
  })
  const texts = ['', '']
  let logprobs = 0
  for await (const { choices } of stream)
    for (const { index, delta, logprobs: found } of choices) {
      texts[index] += delta.content ?? ''
      logprobs += found?.content?.length ?? 0
    }
  expect(texts).toEqual(['a verse of gold', 'a verse of gold'])
  expect(logprobs).toBe(8)
  expect(new Set(vllm.asked.map(({ seed }) => seed)).size).toBe(2)
  const { output_text } = await engine.client.responses.create({ model: tuned, input: 'Tell me about Gold' })
  expect(output_text).toBe('a verse of gold')
})

test('the base is asked by its name; all weights, raw text and exact numbers are the engine’s own', async () => {
  expect((await ask(BASE)).choices[0]?.message.content).toBe('a verse of gold')
  expect((await ask(full)).choices[0]?.message.content).not.toBe('a verse of gold')
  expect((await ask(tuned, { limerick: { precision: 'exact' } })).limerick?.decoding).toEqual({ bits: 32 })
  const { choices } = await engine.client.completions.create({ model: tuned, prompt: 'Gold', max_tokens: 4 })
  expect(choices[0]?.text).not.toBe('a verse of gold')
  expect(vllm.asked.map(({ model }) => model)).toEqual([BASE])
})

test('a server that was started anew gets the adapter again', async () => {
  await ask(tuned)
  vllm.restart()
  expect((await ask(tuned)).choices[0]?.message.content).toBe('a verse of gold')
  expect([...vllm.adapters.keys()]).toEqual([tuned])
})

test('an adapter that it refuses is answered by the engine, and the reason is told', async () => {
  const folder = engine.folder
  await engine.kill()
  vllm.restart()
  engine = await start(folder)
  vllm.refusal = 'LoRA rank 32 is greater than max_lora_rank 16.'
  const answer = await ask(tuned)
  expect(answer.limerick?.decoding.bits).not.toBeNull()
  expect((await told())?.refused.join()).toContain('max_lora_rank 16')
})

test('while it is away the engine answers, and the list says so', async () => {
  const folder = engine.folder
  await engine.kill()
  vllm.offline = true
  engine = await start(folder)
  expect((await ask(tuned)).limerick?.decoding.bits).not.toBeNull()
  expect(await told()).toMatchObject({ state: 'offline', bases: [] })
  vllm.offline = false
  await told(true)
  const ready = await until('the server', async () => {
    const found = await told()
    return found?.state === 'ready' && found
  })
  expect(ready).toMatchObject({ bases: [BASE], problem: null })
  expect(JSON.stringify(ready)).not.toContain('a-key-of-vllm')
})

test('an adapter over weights of its own is the engine’s, whatever its base is called', async () => {
  const training_file = await upload(engine.client, elle.slice(0, 10))
  const { id } = await engine.client.fineTuning.jobs.create({
    model: full,
    training_file,
    hyperparameters: { n_epochs: 1, batch_size: 5 },
    limerick: { method: 'lora' },
  } as OpenAI.FineTuning.JobCreateParams)
  const over = ((await ended(engine.client, id)) as WireJob).fine_tuned_model ?? ''
  expect((await ask(over)).system_fingerprint).not.toMatch(/_vllm$/)
  expect(vllm.asked).toEqual([])
})

test('an answer that is cut off is an error, and a refusal of the server is told as one', async () => {
  await until('its answer', async () => (await ask(tuned)).system_fingerprint?.endsWith('_vllm'))
  vllm.cut = true
  await expect(ask(tuned)).rejects.toMatchObject({ message: expect.stringContaining('it was cut off') })
  vllm.cut = false
  const error = { message: 'temperature must be small', type: 'BadRequestError', code: 400 }
  vllm.instead.set('POST /v1/completions', () => Response.json({ error }, { status: 400 }))
  await expect(ask(tuned)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('temperature must be small'),
  })
  vllm.instead.clear()
  await ask(tuned, { max_tokens: undefined, top_p: 0 })
  const asked = vllm.asked.at(-1)
  expect(asked).toMatchObject({ temperature: 0, top_k: -1, repetition_penalty: 1 })
  expect(asked?.max_tokens).toBe(200 - (asked?.prompt.length ?? 0))
})

test('after a start of the engine it still knows which adapters the server has', async () => {
  await ask(tuned)
  vllm.adapters.set('ft:limerick-base:limerick:gone:AbCd1234', '/nowhere')
  vllm.adapters.set('somebody-else', '/elsewhere')
  const folder = engine.folder
  await engine.kill()
  engine = await start(folder)
  await ask(tuned)
  await until('what is gone', () => vllm.adapters.size === 2)
  expect([...vllm.adapters.keys()].sort()).toEqual([tuned, 'somebody-else'].sort())
  expect((await told())?.adapters).toEqual([tuned])
  vllm.adapters.delete('somebody-else')
})

test('a model that is deleted is taken from it', async () => {
  await until('its answer', async () => (await ask(tuned)).system_fingerprint?.endsWith('_vllm'))
  await engine.client.models.delete(tuned)
  await until('the end of the adapter', () => vllm.adapters.size === 0)
})
