import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
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
afterEach(() => stopEngine(engine))

const started = async () => {
  engine = await startEngine(await newFolder())
  const training_file = await upload(engine.client, elle.slice(0, 10))
  return { ...engine, training_file }
}

describe('kill -9', () => {
  test('of everything in the middle of a step loses nothing that was served, and the job still succeeds', async () => {
    const { client, training_file, folder } = await started()
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      hyperparameters: { n_epochs: 3 },
      seed: 3,
    })
    await reachedStep(client, job.id, 13)
    const before = await eventsOf(client, job.id)
    const orphans = workersOf(engine, 'train')
    await engine.kill()

    // The orphan may still be in its step: the new engine must not wait for it.
    engine = await startEngine(folder)
    expect((await jobOf(engine.client, job.id)).limerick.step).toBeGreaterThanOrEqual(13)
    const done = await ended(engine.client, job.id)
    expect(done.status).toBe('succeeded')
    expect(orphans).toHaveLength(1)

    const after = await eventsOf(engine.client, job.id)
    expect(after.slice(0, before.length)).toEqual(before)
    const steps = after
      .filter(({ type }) => type === 'metrics')
      .map(({ data }) => (data as { step: number }).step)
    expect(steps).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(after.filter(({ message }) => message.startsWith('Fine-tuning job resumed'))).toHaveLength(1)
    expect(after.filter(({ message }) => message === 'Fine-tuning job started')).toHaveLength(1)
    expect(
      (await engine.client.fineTuning.jobs.checkpoints.list(job.id)).data.map(
        ({ step_number }) => step_number,
      ),
    ).toEqual([20, 10])

    // The same job in one go says the same.
    const whole = await engine.client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      hyperparameters: { n_epochs: 3 },
      seed: 3,
    })
    await ended(engine.client, whole.id)
    const messages = (events: typeof after) =>
      events.filter(({ type }) => type === 'metrics').map(({ message }) => message)
    expect(messages(await eventsOf(engine.client, whole.id))).toEqual(messages(after))
  })

  test('right after an answer keeps what was answered, and sweeps what was not', async () => {
    const { client, training_file, folder } = await started()
    const job = await client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      hyperparameters: { n_epochs: 1 },
    })
    await engine.kill()
    engine = await startEngine(folder)
    expect(await engine.client.files.retrieve(training_file)).toMatchObject({ id: training_file })
    expect((await ended(engine.client, job.id)).status).toBe('succeeded')
    expect(await readdir(path.join(folder, 'tmp'))).toEqual([])
    const left = () => readdir(path.join(folder, 'jobs', job.id))
    await until('the tidying', async () => (await left()).length === 1)
    expect(await left()).toEqual(['checkpoint-10'])
  })

  test('of a second engine on the same folder is not needed: it refuses to start', async () => {
    const { folder } = await started()
    await expect(startEngine(folder)).rejects.toThrow(
      `is in use by process ${engine.process.pid}. End that one first`,
    )
    expect((await engine.client.models.list()).data).toHaveLength(1)
  })
})

describe('an engine whose parent has gone', () => {
  test('goes too', async () => {
    await started()
    const gone = new Promise((resolve) => engine.process.once('exit', resolve))
    engine.process.disconnect()
    expect(await gone).toBe(0)
  })
})
