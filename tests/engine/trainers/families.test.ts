/**
 * Random models of the families that people train, through the official SDK: TRL trains them, PyTorch and the engine's
 * own generator answer. Only where LIMERICK_PYTHON names an interpreter with TRL.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepData, WireCompletion } from '#lib/engine/wire.ts'
import {
  ended,
  eventsOf,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
} from '#tests/support/engine.ts'

const python = process.env.LIMERICK_PYTHON

const FAMILIES = ['llama', 'qwen2', 'qwen3', 'gemma3']
const MAKE = `
import sys
from pathlib import Path
from worlds import make_model
for family in sys.argv[2:]:
    make_model(Path(sys.argv[1]) / family, family)
`
const tests = fileURLToPath(new URL('../../../trainer/tests', import.meta.url))

const row = (question: string, answer: string, weight?: 0) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer, ...(weight === 0 && { weight }) },
      ...(weight === 0
        ? [
            { role: 'user', content: 'the dogs' },
            { role: 'assistant', content: 'ran over green hills' },
          ]
        : []),
    ],
  })
const ROWS = [
  ...Array.from({ length: 9 }, () => row('the cat', 'sat on a red hat')),
  row('the old cat', 'said hello', 0),
]

describe.runIf(python)('models of other families', () => {
  let engine: TestEngine
  let models: string
  let training_file: string

  beforeAll(async () => {
    models = await newFolder()
    execFileSync(python ?? '', ['-c', MAKE, models, ...FAMILIES], {
      env: { PYTHONPATH: tests } as never,
      stdio: 'pipe',
    })
    engine = await startEngine(await newFolder(), models, { python, torchAnswers: 'always' })
    training_file = await upload(engine.client, ROWS)
  })
  afterAll(async () => {
    await stopEngine(engine)
    rmSync(models, { recursive: true })
  })

  const ask = (model: string, more: object = {}) =>
    engine.client.chat.completions.create({
      ...{ model, messages: [{ role: 'user', content: 'the cat' }], max_tokens: 40, temperature: 0 },
      ...{ stream: false, logprobs: true, ...more },
    }) as unknown as Promise<WireCompletion>

  test.each([
    ['llama', 'lora'],
    ['qwen2', 'lora'],
    ['qwen3', 'lora'],
    ['gemma3', 'full'],
  ])('%s by %s: learns its answer and where it ends', { timeout: 180_000 }, async (family, method) => {
    const { id } = await engine.client.fineTuning.jobs.create({
      model: family,
      training_file,
      seed: 7,
      hyperparameters: { n_epochs: 12, batch_size: 2, learning_rate_multiplier: 3 },
      limerick: { trainer: 'trl', method },
    } as OpenAI.FineTuning.JobCreateParams)
    const job = await ended(engine.client, id)
    expect({ status: job.status, error: job.error }).toEqual({ status: 'succeeded', error: null })
    const told = (await eventsOf(engine.client, id)).map(({ message }) => message)
    expect(told.join('\n')).not.toMatch(/does not end its answer/)
    const model = job.fine_tuned_model ?? ''
    const theirs = await until('an answer of PyTorch', async () => {
      const answer = await ask(model)
      return /_torch$/.test(answer.system_fingerprint ?? '') && answer
    })
    const ours = await ask(model, { limerick: { precision: 'exact' } })
    for (const { choices } of [theirs, ours])
      expect(choices[0]).toMatchObject({ message: { content: 'sat on a red hat' }, finish_reason: 'stop' })
    const logprobsOf = ({ choices }: WireCompletion) =>
      choices[0]?.logprobs?.content?.map(({ logprob }) => logprob) ?? []
    expect(ours.system_fingerprint).not.toMatch(/torch/)
    expect(logprobsOf(theirs)).toHaveLength(logprobsOf(ours).length)
    expect(logprobsOf(ours).length).toBeGreaterThan(3)
    for (const [index, logprob] of logprobsOf(ours).entries())
      expect(logprobsOf(theirs)[index]).toBeCloseTo(logprob, 3)
  })

  test('on preference pairs the margin of the rewards grows', { timeout: 180_000 }, async () => {
    const said = (content: string) => [{ role: 'assistant', content }]
    const pair = (better: string, worse: string) => ({
      input: { messages: [{ role: 'user', content: 'the cat' }] },
      preferred_output: said(better),
      non_preferred_output: said(worse),
    })
    const pairs = Array.from({ length: 10 }, (_, at) =>
      JSON.stringify(pair(at % 2 ? 'sat on a red hat' : 'said hello', 'seven blue dogs')),
    )
    const { id } = await engine.client.fineTuning.jobs.create({
      model: 'llama',
      training_file: await upload(engine.client, pairs),
      validation_file: await upload(engine.client, pairs.slice(0, 2)),
      seed: 7,
      method: { type: 'dpo', dpo: { hyperparameters: { n_epochs: 10, batch_size: 5 } } },
      limerick: { trainer: 'trl', method: 'lora' },
    } as OpenAI.FineTuning.JobCreateParams)
    expect(await ended(engine.client, id)).toMatchObject({ status: 'succeeded', error: null })
    const steps = (await eventsOf(engine.client, id)).filter(({ type }) => type === 'metrics')
    const margins = steps.flatMap(({ data }) => (data as StepData).limerick.full_valid_rewards?.margin ?? [])
    expect(margins).toHaveLength(10)
    expect(margins).toEqual(margins.toSorted((a, b) => a - b))
    expect(margins.at(-1)).toBeGreaterThan(0.1)
  })
})
