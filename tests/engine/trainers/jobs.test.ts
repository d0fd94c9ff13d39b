/** Jobs that another trainer than the built-in one trains, from the official SDK to its process: here the fake one. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processInfo } from '#lib/core/process-info.ts'
import { claim, readClaim, readSpec, runFolder } from '#lib/engine/trainers/run-folder.ts'
import type { StepData, WireJob } from '#lib/engine/wire.ts'
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
} from '#tests/support/engine.ts'
import { fakePython } from '#tests/support/fake-python.ts'

/** ms. */
const STEP = 300

let engine: TestEngine
let python: string
let training: string
let validation: string

const interpreter = (folder: string, env: Record<string, string> = {}): string =>
  fakePython(folder, { env: { FAKE_STEP: STEP, ...env } })

beforeAll(async () => {
  python = interpreter(await newFolder())
  engine = await startEngine(await newFolder(), null, { python })
  training = await upload(engine.client, elle.slice(0, 10))
  validation = await upload(engine.client, elle.slice(10, 15))
})
afterAll(async () => {
  await stopEngine(engine)
  rmSync(path.dirname(python), { recursive: true })
})

type More = { limerick?: object; [field: string]: unknown }

const create = async (epochs: number, { limerick, ...more }: More = {}): Promise<WireJob> =>
  (await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: training,
    seed: 7,
    hyperparameters: { n_epochs: epochs, batch_size: 2 },
    limerick: { trainer: 'trl', method: 'lora', ...limerick },
    ...more,
  } as OpenAI.FineTuning.JobCreateParams)) as WireJob

/** Longer than any test waits: what is stopped or killed here cannot end by itself. */
const LONG = 50

const runOf = ({ id }: Pick<WireJob, 'id'>) => runFolder(path.join(engine.folder, 'jobs', id, 'run'))
const pidOf = (job: WireJob): number => readClaim(runOf(job))?.pid ?? 0
const isRunning = (pid: number): boolean => processInfo(pid) !== null
const told = async ({ id }: WireJob) => (await eventsOf(engine.client, id)).map(({ message }) => message)
const stepsOf = async ({ id }: WireJob) =>
  (await eventsOf(engine.client, id))
    .filter(({ type }) => type === 'metrics')
    .map(({ data }) => (data as StepData).step)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const answer = (model: string) =>
  engine.client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 8,
    temperature: 0,
  })

const reached = (id: string, status: WireJob['status']): Promise<WireJob> =>
  until(`${id} to be ${status}`, async () => {
    const job = await jobOf(engine.client, id)
    return job.status === status && job
  })

async function restartEngine(): Promise<void> {
  await engine.kill()
  engine = await startEngine(engine.folder, null, { python })
}

describe('a job with validation, trained to its end', () => {
  let job: WireJob

  beforeAll(async () => {
    job = await ended(engine.client, (await create(4, { validation_file: validation, suffix: 'fake' })).id)
  })

  test('succeeds with everything that a job of the built-in trainer has', async () => {
    expect(job).toMatchObject({
      status: 'succeeded',
      error: null,
      trained_tokens: 4 * 400,
      limerick: {
        trainer: 'trl',
        method: 'lora',
        step: 20,
        total_steps: 20,
        final_step: 20,
        run: { versions: { node: process.versions.node }, devices: [{ name: 'none' }] },
      },
    })
    expect(job.fine_tuned_model).toMatch(/^ft:limerick-base:limerick:fake:[A-Za-z0-9]{8}$/)
    expect(await stepsOf(job)).toEqual(range(1, 20))
    const life = (await told(job)).filter((message) => !message.startsWith('Step'))
    expect(life.slice(2, 5)).toEqual([
      'Files validated, moving job to queued state',
      'An epoch learns 100 of 400 tokens',
      'Fine-tuning job started',
    ])
    expect(life.at(-1)).toBe('The job has successfully completed')
    const { data } = await engine.client.fineTuning.jobs.checkpoints.list(job.id)
    expect(data.map(({ step_number }) => step_number)).toEqual([15, 10])
    expect(data[0]?.metrics).toMatchObject({ step: 15, train_loss: 2 / 16, full_valid_loss: 2 / 16 })
    const [file = ''] = job.result_files
    expect((await (await engine.client.files.content(file)).text()).trim().split('\n')).toHaveLength(21)
  })

  test('its adapter answers through the engine, and is trained further by either trainer', async () => {
    const name = job.fine_tuned_model ?? ''
    const [base, tuned] = [await answer('limerick-base'), await answer(name)]
    expect(tuned.choices[0]?.message.content).toBe(base.choices[0]?.message.content)
    const further = await ended(engine.client, (await create(1, { model: name })).id)
    expect(further).toMatchObject({ status: 'succeeded', limerick: { trainer: 'trl' } })
    const built = await ended(
      engine.client,
      (await create(1, { model: name, limerick: { trainer: 'onnx' } })).id,
    )
    expect(built).toMatchObject({ status: 'succeeded', limerick: { trainer: 'onnx', run: null } })
    // Of an adapter over an adapter it would have to merge two.
    await expect(create(1, { model: further.fine_tuned_model })).rejects.toMatchObject({
      status: 400,
      param: 'model',
      message: expect.stringContaining('one adapter at most'),
    })
  })

  test('leaves what its libraries printed, and nothing else of the run', () => {
    const files = readdirSync(path.join(engine.folder, 'jobs', job.id)).sort()
    expect(files).toEqual(['checkpoint-10', 'checkpoint-15', 'checkpoint-20', 'trainer.log'])
  })
})

test('all weights, pairs of answers and no trainer asked for', async () => {
  const full = await ended(engine.client, (await create(1, { limerick: { method: 'full' } })).id)
  expect(full.status).toBe('succeeded')
  expect((await answer(full.fine_tuned_model ?? '')).choices).toHaveLength(1)
  const plain = await create(1, { limerick: { trainer: undefined, method: undefined } })
  expect(plain.limerick).toMatchObject({ trainer: 'onnx', run: null })
  await engine.client.fineTuning.jobs.cancel(plain.id)
})

test('outlives the engine, is found by the next one, and is told without a gap', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  const pid = pidOf(job)
  await engine.kill()
  const lines = () => readFileSync(runOf(job).events, 'utf8').split('\n').length
  const before = lines()
  await until('steps without an engine', () => lines() > before + 3)
  expect(isRunning(pid)).toBe(true)
  engine = await startEngine(engine.folder, null, { python })
  await reachedStep(engine.client, job.id, 12)
  expect(pidOf(job)).toBe(pid)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(1, steps.length))
  expect((await told(job)).join()).not.toContain('resumed')
  expect((await engine.client.fineTuning.jobs.cancel(job.id)).status).toBe('cancelled')
  await until('its end', () => !isRunning(pid))
})

test('a pause saves the step, frees the trainer, and goes on from there', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  const pid = pidOf(job)
  expect(((await engine.client.fineTuning.jobs.pause(job.id)) as WireJob).status).toBe('pausing')
  const paused = await reached(job.id, 'paused')
  expect(isRunning(pid)).toBe(false)
  const at = paused.limerick.step ?? 0
  await engine.client.fineTuning.jobs.resume(job.id)
  await reachedStep(engine.client, job.id, at + 2)
  const life = await told(job)
  expect(life).toContain(`Fine-tuning job paused at step ${at}`)
  expect(life).toContain(`Fine-tuning job resumed from step ${at}`)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(1, steps.length))
  await engine.client.fineTuning.jobs.cancel(job.id)
})

test('a pause that the engine did not live to see is ended by the next one', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  const pid = pidOf(job)
  process.kill(pid, 'SIGSTOP')
  await engine.client.fineTuning.jobs.pause(job.id)
  await engine.kill()
  process.kill(pid, 'SIGCONT')
  engine = await startEngine(engine.folder, null, { python })
  await reached(job.id, 'paused')
  expect(isRunning(pid)).toBe(false)
  await engine.client.fineTuning.jobs.cancel(job.id)
})

test('cancelled with its checkpoint it leaves a model of the step', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  const { limerick } = (await engine.client.fineTuning.jobs.cancel(job.id, {
    body: { limerick: { keep: true } },
  })) as WireJob
  const { data } = await engine.client.fineTuning.jobs.checkpoints.list(job.id)
  expect(data.at(0)?.step_number).toBe(limerick.step)
  expect((await answer(data[0]?.fine_tuned_model_checkpoint ?? '')).choices).toHaveLength(1)
})

test('its death is got over once, from its last complete checkpoint; a second one fails the job', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 6)
  const first = pidOf(job)
  process.kill(first, 'SIGKILL')
  const second = await until('another process', () => pidOf(job) !== first && pidOf(job))
  await until('its second start', async () =>
    (await told(job)).some((line) => line.includes('resumed from step')),
  )
  process.kill(second, 'SIGKILL')
  const failed = await ended(engine.client, job.id)
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'worker_died', message: 'The training process ended unexpectedly: SIGKILL' },
  })
  expect(await told(job)).toContain('The training process ended unexpectedly (SIGKILL) and is started again')
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(1, steps.length))
})

test('a death while no engine was there counts as one', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  const pid = pidOf(job)
  await engine.kill()
  process.kill(pid, 'SIGKILL')
  engine = await startEngine(engine.folder, null, { python })
  await until('another process', () => pidOf(job) !== 0 && pidOf(job) !== pid)
  expect((await told(job)).join()).toContain('ended unexpectedly (nobody was there to learn why)')
  await engine.client.fineTuning.jobs.cancel(job.id)
})

test('a power cut is not its fault: it goes on from its last complete checkpoint, as often as it takes', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 6)
  for (const time of [1, 2]) {
    const pid = pidOf(job)
    await engine.kill()
    process.kill(pid, 'SIGKILL')
    const by = readClaim(runOf(job))
    if (by) claim(runOf(job), { ...by, boot: 'before the power cut' })
    engine = await startEngine(engine.folder, null, { python })
    await until(`start ${time + 1}`, () => pidOf(job) !== 0 && pidOf(job) !== pid)
    await until('its report', async () => {
      const resumed = (await told(job)).filter((message) => message.includes('resumed from step'))
      return resumed.length === time
    })
  }
  expect((await told(job)).join()).not.toContain('unexpectedly')
  await engine.client.fineTuning.jobs.cancel(job.id)
})

test('an end while no engine was there is found', async () => {
  const job = await create(3)
  await reachedStep(engine.client, job.id, 1)
  const pid = pidOf(job)
  await engine.kill()
  await until('its end', () => !isRunning(pid))
  engine = await startEngine(engine.folder, null, { python })
  expect(await ended(engine.client, job.id)).toMatchObject({ status: 'succeeded', limerick: { step: 15 } })
  expect(await stepsOf(job)).toEqual(range(1, 15))
})

test('out of memory it is run again with fewer rows at once, and the job knows nothing of a restart', async () => {
  const usual = readFileSync(python, 'utf8')
  try {
    interpreter(path.dirname(python), { LIMERICK_TRAINER_FAULT: 'oom:3' })
    const job = await ended(engine.client, (await create(2)).id)
    expect(job.status).toBe('succeeded')
    const events = await eventsOf(engine.client, job.id)
    expect(events.find(({ level }) => level === 'warn')?.message).toContain('Memory ran out')
    expect(events.map(({ message }) => message).join()).not.toContain('unexpectedly')
  } finally {
    writeFileSync(python, usual)
  }
})

test('a report that the engine does not understand fails the job in words, and ends the trainer', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 1)
  const pid = pidOf(job)
  process.kill(pid, 'SIGSTOP')
  appendFileSync(runOf(job).events, '{"kind":"frobnicate"}\n')
  expect(await ended(engine.client, job.id)).toMatchObject({
    status: 'failed',
    error: { code: 'contract', message: expect.stringContaining('its kind "frobnicate" is not known') },
  })
  expect(isRunning(pid)).toBe(false)
})

test('what is in the spec is what the engine resolved', async () => {
  const job = await create(LONG, { limerick: { weight_decay: 0.1 }, validation_file: validation })
  await reachedStep(engine.client, job.id, 1)
  const spec = readSpec(runOf(job))
  expect(spec).toMatchObject({
    contract: 'limerick.run/1',
    job: job.id,
    method: 'supervised',
    tuning: 'lora',
    epochs: LONG,
    batch_size: 2,
    weight_decay: 0.1,
    seed: 7,
    dtype: 'float32',
    devices: [],
    base: { name: 'limerick-base', fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  })
  expect(existsSync(path.join(spec.base.folder, 'model.safetensors'))).toBe(true)
  expect(existsSync(runOf(job).validation)).toBe(true)
  await engine.client.fineTuning.jobs.cancel(job.id)
})

test('early stopping ends it when validation gets no better, and the best checkpoint is the model', async () => {
  const usual = readFileSync(python, 'utf8')
  try {
    interpreter(path.dirname(python), { FAKE_BEST: '10', FAKE_STEP: '5' })
    const early = { validation_file: validation, limerick: { early_stopping: { patience: 2 } } }
    const job = await ended(engine.client, (await create(10, early)).id)
    expect(job).toMatchObject({
      status: 'succeeded',
      trained_tokens: 4 * 400,
      limerick: { trainer: 'trl', step: 20, total_steps: 50, final_step: 10, best: { step: 10 } },
    })
    expect((await told(job)).join()).toContain('Training stopped early at step 20 of 50')
    expect((await answer(job.fine_tuned_model ?? '')).choices).toHaveLength(1)
  } finally {
    writeFileSync(python, usual)
  }
})

test('without an interpreter, or with one that lacks the trainer, it says what to do', async () => {
  const refused = (words: string) => ({
    status: 400,
    code: 'trainer_not_available',
    param: 'limerick.trainer',
    message: expect.stringContaining(words),
  })
  const usual = python
  try {
    python = '/bin/false'
    await restartEngine()
    await expect(create(1)).rejects.toMatchObject(refused('cannot run limerick_trainer'))
    await engine.kill()
    engine = await startEngine(engine.folder)
    await expect(create(1)).rejects.toMatchObject(
      refused(
        'This job asks for the trl trainer; no Python environment with limerick_trainer is set up: make one on the Providers page, or set LIMERICK_PYTHON',
      ),
    )
  } finally {
    python = usual
    await restartEngine()
  }
})
