/** `limerick_trainer` itself, from a job to answers: only where LIMERICK_PYTHON names an interpreter with its libraries. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { automaticLora } from '#lib/engine/model/defaults.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { trlCommand } from '#lib/engine/trainers/python.ts'
import { runFolder } from '#lib/engine/trainers/run-folder.ts'
import { trlMemory } from '#lib/engine/trainers/trl-memory.ts'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
import { bytesFor } from '#lib/training-data/memory.ts'
import {
  elle,
  ended,
  eventsOf,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'

const python = process.env.LIMERICK_PYTHON

describe.runIf(python)('limerick_trainer', () => {
  let engine: TestEngine
  let training: string
  let validation: string

  beforeAll(async () => {
    engine = await startEngine(await newFolder(), null, { python })
    training = await upload(engine.client, elle.slice(0, 10))
    validation = await upload(engine.client, elle.slice(10, 15))
  })
  afterAll(() => stopEngine(engine))

  const trained = async (trainer: 'onnx' | 'trl', method: 'full' | 'lora'): Promise<WireJob> => {
    const { id } = await engine.client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file: training,
      validation_file: validation,
      seed: 7,
      hyperparameters: { n_epochs: 2, batch_size: 5 },
      limerick: { trainer, method },
    } as OpenAI.FineTuning.JobCreateParams)
    return ended(engine.client, id)
  }

  const stepsOf = async ({ id }: WireJob) =>
    (await eventsOf(engine.client, id))
      .filter(({ type }) => type === 'metrics')
      .map(({ data }) => data as StepData)

  test.each(['lora', 'full'] as const)(
    '%s: trains what the built-in trainer trains, and the result answers',
    async (method) => {
      const [theirs, ours] = [await trained('trl', method), await trained('onnx', method)]
      expect(theirs).toMatchObject({
        status: 'succeeded',
        error: null,
        limerick: {
          trainer: 'trl',
          step: 4,
          run: { versions: { trl: expect.any(String), torch: expect.any(String) } },
        },
      })
      const [mine, others] = [await stepsOf(ours), await stepsOf(theirs)]
      // The rows are drawn alike, so the first step is the same on the untouched base.
      expect(others[0]?.limerick.rows).toEqual(mine[0]?.limerick.rows)
      expect(others[0]?.train_loss).toBeCloseTo(mine[0]?.train_loss ?? 0, 3)
      expect(others[3]?.full_valid_loss).toBeLessThan(others[1]?.full_valid_loss ?? 0)
      const { choices } = await engine.client.chat.completions.create({
        model: theirs.fine_tuned_model ?? '',
        messages: [{ role: 'user', content: 'Tell me about Gold' }],
        max_tokens: 8,
      })
      expect(choices[0]?.message.content).toBeTypeOf('string')
    },
  )

  test('its first step takes about the memory that the engine expects, which it estimates as its trainer does', async () => {
    const { limerick } = await trained('trl', 'lora')
    const { estimate = 0, measured = 0 } = limerick.run?.memory ?? {}
    expect(measured).toBeLessThan(1.1 * estimate)
    expect(measured).toBeGreaterThan(0.5 * estimate)
  })

  test.each([
    ['full', 'supervised', 0],
    ['lora', 'dpo', 0],
    ['full', 'dpo', 1],
    ['lora', 'supervised', 1],
    ['qlora', 'supervised', 1],
  ] as const)('%s, %s, %i GPUs: both count the same memory', (method, objective, gpus) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'limerick-estimate-'))
    const base = fileURLToPath(new URL('../../../lib/engine/base', import.meta.url))
    const { rank: r, alpha, targets } = automaticLora
    const spec = {
      ...{
        contract: 'limerick.run/1',
        job: 'a',
        base: { folder: base, name: 'a' },
        epochs: 1,
        batch_size: 1,
      },
      ...{ learning_rate: 1, max_length: 512, seed: 1, dtype: gpus > 0 ? 'bf16' : 'float32' },
      method: objective,
      tuning: method === 'full' ? 'full' : 'lora',
      lora: method === 'full' ? null : { r, alpha, targets },
      quantization: method === 'qlora' ? 'nf4' : null,
      devices: gpus > 0 ? [0] : [],
    }
    writeFileSync(path.join(folder, 'spec.json'), JSON.stringify(spec))
    const { argv, env } = trlCommand(python ?? '', runFolder(folder), { devices: [], threads: 1 })
    const [command = '', ...words] = argv.map((word) => (word === 'train' ? 'estimate' : word))
    const said = JSON.parse(
      execFileSync(command, [...words, '--tokens', '300'], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      }),
    )
    const place = { device: 'NVIDIA Test', gpus, bf16: gpus > 0 }
    const memory = trlMemory(readModelConfig(base), { method, objective }, place, {
      ...{ free: Infinity, tokens: 300, factor: 1 },
    })
    expect(bytesFor(memory, 300) / said.memory.total).toBeCloseTo(1, 3)
    rmSync(folder, { recursive: true })
  })
})
