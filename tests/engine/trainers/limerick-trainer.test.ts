/** `limerick_trainer` itself, from a job to answers: only where LIMERICK_PYTHON names an interpreter with its libraries. */
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
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
})
