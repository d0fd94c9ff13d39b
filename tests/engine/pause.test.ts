/** A job that is paused frees the trainer, survives a restart, and ends with the very same bits. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireJob } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  eventsOf,
  jobOf,
  newFolder,
  reachedStep,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
  workersOf,
} from '#tests/support/engine.ts'

let engine: TestEngine
let training: string

beforeAll(async () => {
  engine = await startEngine(await newFolder())
  training = await upload(engine.client, elle.slice(0, 10))
})
afterAll(() => stopEngine(engine))

async function create(epochs: number, more: object = {}): Promise<WireJob> {
  const body = {
    model: 'limerick-base',
    training_file: training,
    seed: 7,
    hyperparameters: { n_epochs: epochs },
  }
  return (await engine.client.fineTuning.jobs.create({
    ...body,
    ...more,
  } as OpenAI.FineTuning.JobCreateParams)) as WireJob
}

const pause = async (id: string) => (await engine.client.fineTuning.jobs.pause(id)) as WireJob
const resume = async (id: string) => (await engine.client.fineTuning.jobs.resume(id)) as WireJob

const reached = (id: string, status: WireJob['status']): Promise<WireJob> =>
  until(`${id} to be ${status}`, async () => {
    const job = await jobOf(engine.client, id)
    return job.status === status && job
  })

/** Longer than any test waits: what is paused or cancelled here cannot end by itself. */
const LONG = 50

const weightsAt = ({ id }: WireJob, step: number): Buffer =>
  readFileSync(path.join(engine.folder, 'jobs', id, `checkpoint-${step}`, 'model.safetensors'))

const told = async (id: string) => (await eventsOf(engine.client, id)).map(({ message }) => message)

test('paused, restarted and resumed is uninterrupted, and another job trains meanwhile', async () => {
  const straight = await create(3)
  const job = await create(3)
  const other = await create(1)
  await reachedStep(engine.client, job.id, 2)
  expect((await pause(job.id)).status).toBe('pausing')
  const paused = await reached(job.id, 'paused')
  const at = paused.limerick.step ?? 0
  expect(at).toBeLessThan(30)
  expect(paused.estimated_finish).toBeNull()
  expect(await ended(engine.client, other.id)).toMatchObject({ status: 'succeeded' })
  await until('the end of the trainer', async () => workersOf(engine, 'train').length === 0)

  await engine.kill()
  engine = await startEngine(engine.folder)
  expect((await jobOf(engine.client, job.id)).status).toBe('paused')
  expect(workersOf(engine, 'train')).toEqual([])
  expect((await resume(job.id)).status).toBe('queued')
  const done = await ended(engine.client, job.id)
  const first = await jobOf(engine.client, straight.id)
  expect(done).toMatchObject({
    status: 'succeeded',
    trained_tokens: first.trained_tokens,
    limerick: { step: 30 },
  })
  expect(done.limerick.paused_ms).toBeGreaterThan(0)
  expect(first.limerick.paused_ms).toBe(0)
  expect(weightsAt(done, 30).equals(weightsAt(first, 30))).toBe(true)
  const file = async ({ result_files: [id = ''] }: WireJob) => (await engine.client.files.content(id)).text()
  expect(await file(done)).toBe(await file(first))
  const life = (await told(job.id)).filter((message) => !message.startsWith('Step'))
  expect(life.slice(3, 7)).toEqual([
    'Fine-tuning job started',
    `Fine-tuning job paused at step ${at}`,
    'Pause ended, moving job to queued state',
    `Fine-tuning job resumed from step ${at}`,
  ])
})

test('in the queue it is paused at once, and keeps its model; cancelling it leaves nothing', async () => {
  const busy = await create(LONG)
  await reachedStep(engine.client, busy.id, 1)
  const waiting = await create(1)
  await reached(waiting.id, 'queued')
  expect((await pause(waiting.id)).status).toBe('paused')
  expect((await resume(waiting.id)).status).toBe('queued')
  await pause(waiting.id)
  await engine.client.fineTuning.jobs.cancel(busy.id)
  expect((await engine.client.fineTuning.jobs.cancel(waiting.id)).status).toBe('cancelled')
  expect(await told(waiting.id)).toContain('Fine-tuning job paused')
})

test('cancelled with its checkpoint it leaves a model of the step at which it was paused', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  await pause(job.id)
  const { limerick } = await reached(job.id, 'paused')
  await engine.client.fineTuning.jobs.cancel(job.id, { body: { limerick: { keep: true } } })
  const { data } = await engine.client.fineTuning.jobs.checkpoints.list(job.id)
  expect(data.map(({ step_number }) => step_number)).toEqual([limerick.step])
  const [kept] = data
  const answer = await engine.client.chat.completions.create({
    model: kept?.fine_tuned_model_checkpoint ?? '',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 2,
  })
  expect(answer.model).toBe(kept?.fine_tuned_model_checkpoint)
})

test('what cannot be paused or resumed says why', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 1)
  const refused = (message: string) => ({ status: 400, message: expect.stringContaining(message) })
  await expect(resume(job.id)).rejects.toMatchObject(refused('it is running, not paused'))
  await pause(job.id)
  await expect(pause(job.id)).rejects.toMatchObject(refused('it is already paus'))
  await reached(job.id, 'paused')
  await engine.client.fineTuning.jobs.cancel(job.id)
  await expect(pause(job.id)).rejects.toMatchObject(
    refused('has already been cancelled and cannot be paused'),
  )
  await expect(resume(job.id)).rejects.toMatchObject(refused('cannot be resumed'))
  await expect(pause('ftjob-x')).rejects.toMatchObject({ status: 404 })
})
