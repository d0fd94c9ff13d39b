/**
 * A real vLLM that serves a known model, where LIMERICK_VLLM is its address and LIMERICK_REAL_MODEL the model's folder,
 * which it serves under the folder's name (docs/models.md, "Answers from vLLM"). vLLM for the processor will do.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WireCompletion, WireTrainers } from '#lib/engine/wire.ts'
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

const { LIMERICK_VLLM: address, LIMERICK_REAL_MODEL: model = '' } = process.env
const BASE = path.basename(model)
const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]

describe.runIf(address && model)('a real vLLM', () => {
  let engine: TestEngine
  let models: string
  let tuned: string

  beforeAll(async () => {
    models = await newFolder()
    mkdirSync(models, { recursive: true })
    symlinkSync(model, path.join(models, BASE))
    engine = await startEngine(await newFolder(), models, { vllm: { address: address ?? '', key: null } })
    const training_file = await upload(engine.client, elle.slice(0, 10))
    const { id } = await engine.client.fineTuning.jobs.create({
      ...{ model: BASE, training_file, seed: 7, hyperparameters: { n_epochs: 3, batch_size: 1 } },
      limerick: { method: 'lora' },
    } as OpenAI.FineTuning.JobCreateParams)
    tuned = (await ended(engine.client, id)).fine_tuned_model ?? ''
  }, 600_000)
  afterAll(async () => {
    await stopEngine(engine)
    rmSync(models, { recursive: true })
  })

  const ask = (name: string, more: object = {}) =>
    engine.client.chat.completions.create({
      ...{
        model: name,
        messages,
        max_tokens: 40,
        temperature: 0,
        stream: false,
        logprobs: true,
        top_logprobs: 2,
      },
      ...more,
    }) as unknown as Promise<WireCompletion>

  const served = async (): Promise<string[]> => {
    const list = (await (await fetch(`${address}/v1/models`)).json()) as { data: { id: string }[] }
    return list.data.map(({ id }) => id)
  }

  test.each(['base', 'fine-tuned'])('the %s model gives the tokens that the engine gives', async (which) => {
    const name = which === 'base' ? BASE : tuned
    const theirs = await ask(name)
    expect(theirs.system_fingerprint).toMatch(/_vllm$/)
    const ours = await ask(name, { limerick: { precision: 'exact' } })
    expect(theirs.choices[0]?.message.content).toBe(ours.choices[0]?.message.content)
    expect(theirs.choices[0]?.finish_reason).toBe(ours.choices[0]?.finish_reason)
    const [mine, others] = [ours, theirs].map(({ choices }) => choices[0]?.logprobs?.content ?? [])
    expect(others?.length).toBe(mine?.length)
    const apart = mine?.map(({ logprob }, at) => Math.abs(logprob - (others?.[at]?.logprob ?? 0))) ?? []
    console.info(`${which}: log-probabilities at most ${Math.max(...apart).toExponential(1)} apart`)
    expect(Math.max(...apart)).toBeLessThan(1e-2)
    expect(theirs.usage).toEqual(ours.usage)
  })

  test('streams, several answers, a stop string', async () => {
    const stream = await engine.client.chat.completions.create({
      ...{ model: tuned, messages, max_tokens: 12, temperature: 1, seed: 3, n: 2, stream: true },
    })
    const texts = ['', '']
    for await (const { choices } of stream)
      for (const { index, delta } of choices) texts[index] += delta.content ?? ''
    expect(texts[0]).not.toBe('')
    expect(texts[1]).not.toBe(texts[0])
    const whole = (await ask(tuned)).choices[0]?.message.content ?? ''
    const [first = '', word = ''] = whole.split(' ')
    const cut = (await ask(tuned, { stop: [word] })).choices[0]
    expect(cut).toMatchObject({ message: { content: `${first} ` }, finish_reason: 'stop' })
  })

  test('the adapter is there while the model is, and no longer', async () => {
    await ask(tuned)
    expect(await served()).toContain(tuned)
    const url = `${engine.baseURL.replace('/v1', '')}/limerick/trainers`
    const told = await fetch(url, { headers: { authorization: `Bearer ${engine.key}` } })
    expect(((await told.json()) as WireTrainers).vllm).toMatchObject({
      state: 'ready',
      bases: [BASE],
      adapters: [tuned],
    })
    await engine.client.models.delete(tuned)
    await until('it to be unloaded', async () => !(await served()).includes(tuned))
  })
})
