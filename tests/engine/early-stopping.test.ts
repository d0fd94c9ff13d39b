/** A job that may stop early ends with its best checkpoint as its model. */
import type OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StepData, WireCheckpoint, WireJob } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  eventsOf,
  limericks,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  upload,
} from '#tests/support/engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startEngine(await newFolder())
})
afterAll(() => stopEngine(engine))

/** Trains on limericks, and validates on others that get less likely the longer it does. */
async function trained(more: object): Promise<WireJob> {
  const { client } = engine
  const [training_file, validation_file] = [
    await upload(client, elle.slice(0, 10)),
    await upload(client, limericks(2)),
  ]
  const hyperparameters = { n_epochs: 8, batch_size: 2, learning_rate_multiplier: 3 }
  const body = { model: 'limerick-base', training_file, validation_file, seed: 7, hyperparameters, ...more }
  return ended(client, (await client.fineTuning.jobs.create(body as OpenAI.FineTuning.JobCreateParams)).id)
}

const messagesOf = async ({ id }: WireJob) =>
  (await eventsOf(engine.client, id)).map(({ message }) => message)

async function lossesOf({ id }: WireJob): Promise<{ step: number; loss: number }[]> {
  const steps = (await eventsOf(engine.client, id)).map(({ data }) => data as Partial<StepData>)
  return steps.flatMap(({ step = 0, full_valid_loss: loss }) => (loss === undefined ? [] : [{ step, loss }]))
}

/** The training loss of its first step. */
const firstLossOf = async ({ id }: WireJob) =>
  (await eventsOf(engine.client, id)).map(({ data }) => (data as Partial<StepData>).train_loss).find(Boolean)

const checkpointsOf = async ({ id }: WireJob) =>
  (await engine.client.fineTuning.jobs.checkpoints.list(id)).data as WireCheckpoint[]

test('a job that was not asked to stop trains to its end, and keeps its best checkpoint, marked', async () => {
  const job = await trained({})
  const losses = await lossesOf(job)
  const best = losses.reduce((least, each) => (each.loss < least.loss ? each : least))
  expect(best.step).toBeLessThan(30) // else this shows nothing
  expect(job.limerick).toMatchObject({
    step: 40,
    total_steps: 40,
    final_step: 40,
    early_stopping: null,
    weight_decay: 0,
    best: { step: best.step, full_valid_loss: best.loss },
  })
  const kept = await checkpointsOf(job)
  expect(kept.map(({ step_number, limerick }) => [step_number, limerick.best])).toEqual([
    [35, false],
    [30, false],
    [best.step, true],
  ])
  expect((await messagesOf(job)).join()).not.toContain('early')

  // Further from a checkpoint: by an adapter on it, and by an adapter on that.
  const name = kept.at(-1)?.fine_tuned_model_checkpoint ?? ''
  const further = { limerick: { method: 'lora' }, hyperparameters: { n_epochs: 2, batch_size: 2 } }
  const second = await trained({ ...further, model: name })
  const third = await trained({ ...further, model: second.fine_tuned_model })
  const [first, then, last] = await Promise.all([job, second, third].map(firstLossOf))
  expect(then).toBeLessThan(first ?? 0)
  expect(last).toBeLessThan(then ?? 0)
})

test('one that was asked to ends with its best checkpoint, and trains no further', async () => {
  const job = await trained({ limerick: { early_stopping: { patience: 1 } } })
  const losses = await lossesOf(job)
  const [best, last] = losses.slice(-2)
  expect(last?.loss).toBeGreaterThan(best?.loss ?? Infinity)
  expect(job).toMatchObject({
    status: 'succeeded',
    limerick: {
      step: last?.step,
      total_steps: 40,
      early_stopping: { patience: 1 },
      best: { step: best?.step },
      final_step: best?.step,
    },
  })
  expect(await messagesOf(job)).toContain(
    `Training stopped early at step ${last?.step} of 40: a full validation was no better. The fine-tuned model is the checkpoint of step ${best?.step}, with the lowest full validation loss, ${best?.loss.toFixed(2)}`,
  )
  expect((await checkpointsOf(job)).map(({ step_number }) => step_number)).toContain(last?.step)
  const steps = last?.step ?? 0
  const whole = await trained({ hyperparameters: { n_epochs: steps / 5, batch_size: 2 } })
  expect(job.trained_tokens).toBe(whole.trained_tokens)
  const answer = await engine.client.chat.completions.create({
    model: job.fine_tuned_model ?? '',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 2,
  })
  expect(answer.model).toBe(job.fine_tuned_model)
})
