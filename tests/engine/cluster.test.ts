/** Jobs of trl on a cluster: a server that behaves as Ray does, with the fake trainer as its processes. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readSpec, runFolder } from '#lib/engine/trainers/run-folder.ts'
import type { StepData, WireJob, WireTrainers } from '#lib/engine/wire.ts'
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
import { RAY_TOKEN, startRay } from '#tests/support/ray-server.ts'

/** ms. */
const STEP = 200
/** Longer than any test waits. */
const LONG = 50

let ray: Awaited<ReturnType<typeof startRay>>
let shared: string
let python: string
let engine: TestEngine
let training: string

const start = (folder: string, token: string | null = RAY_TOKEN): Promise<TestEngine> =>
  startEngine(folder, null, { cluster: { address: ray.origin, token, folder: shared, python } })

beforeAll(async () => {
  ray = await startRay()
  shared = await newFolder()
  python = fakePython(await newFolder(), { env: { FAKE_STEP: STEP } })
  engine = await start(await newFolder())
  training = await upload(engine.client, elle.slice(0, 10))
})
afterAll(async () => {
  await stopEngine(engine)
  await ray.close()
  for (const folder of [shared, path.dirname(python)]) rmSync(folder, { recursive: true })
})
beforeEach(() => {
  Object.assign(ray, { offline: false, full: false, gpus: 0 })
})

const create = async (epochs: number, limerick: object = {}): Promise<WireJob> =>
  (await engine.client.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: training,
    seed: 7,
    hyperparameters: { n_epochs: epochs, batch_size: 2 },
    limerick: { launcher: 'ray', method: 'lora', ...limerick },
  } as OpenAI.FineTuning.JobCreateParams)) as WireJob

const runOf = ({ id }: WireJob) => runFolder(path.join(engine.folder, 'jobs', id, 'run'))
const stepsOf = async ({ id }: WireJob) =>
  (await eventsOf(engine.client, id))
    .filter(({ type }) => type === 'metrics')
    .map(({ data }) => (data as StepData).step)
const range = (to: number) => Array.from({ length: to }, (_, index) => index + 1)
const told = async ({ id }: WireJob) => (await eventsOf(engine.client, id)).map(({ message }) => message)
const doing = (job: WireJob, words: string) =>
  until(words, async () => (await jobOf(engine.client, job.id)).limerick.run?.doing?.includes(words))
const cancelled = async ({ id }: WireJob): Promise<void> => {
  await engine.client.fineTuning.jobs.cancel(id)
  await until('the end of its process', () =>
    [...ray.jobs.values()].every(({ status }) => status !== 'RUNNING'),
  )
}
const submitted = ({ id }: WireJob) => ray.submissions.filter(({ submission_id: it }) => it.includes(id))

test('a job trains there, its model answers here, and nothing of it stays in the shared folder but the base', async () => {
  const job = await ended(engine.client, (await create(2, { devices: 2 })).id)
  expect(job).toMatchObject({
    status: 'succeeded',
    limerick: { trainer: 'trl', launcher: 'ray', devices: 2, step: 10 },
  })
  expect(await stepsOf(job)).toEqual(range(10))
  const [submission] = submitted(job)
  expect(submission?.entrypoint).toMatch(/'cluster' '.*' '--processes' '2'$/)
  expect(JSON.stringify(submission)).not.toContain(RAY_TOKEN)
  const { choices } = await engine.client.chat.completions.create({
    model: job.fine_tuned_model ?? '',
    messages: [{ role: 'user', content: 'Tell me about Gold' }],
    max_tokens: 8,
  })
  expect(choices).toHaveLength(1)
  expect(readdirSync(path.join(shared, 'runs'))).toEqual([])
  expect(readdirSync(path.join(shared, 'models'))).toHaveLength(1)
  expect(readdirSync(path.join(engine.folder, 'jobs', job.id)).sort()).toEqual([
    'checkpoint-10',
    'checkpoint-5',
  ])
})

test('it asks for a GPU where the cluster has some', async () => {
  ray.gpus = 4
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 1)
  expect(readSpec(runOf(job))).toMatchObject({ devices: [0], dtype: 'bf16' })
  expect(readSpec(runOf(job)).base.folder.startsWith(shared)).toBe(true)
  await cancelled(job)
  ray.gpus = 0
  await expect(create(1, { method: 'qlora' })).rejects.toMatchObject({
    status: 400,
    param: 'limerick.method',
    message: expect.stringContaining('the cluster has none'),
  })
})

test('outlives the engine, is found by the next one, and is told without a gap', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  await engine.kill()
  const lines = () => readFileSync(runOf(job).events, 'utf8').split('\n').length
  const before = lines()
  await until('steps without an engine', () => lines() > before + 3)
  engine = await start(engine.folder)
  await reachedStep(engine.client, job.id, 12)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(steps.length))
  expect(submitted(job)).toHaveLength(1)
  await cancelled(job)
})

test('paused it leaves the cluster, and goes on from its step as another job of it', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 3)
  await engine.client.fineTuning.jobs.pause(job.id)
  const paused = await until('the pause', async () => {
    const found = await jobOf(engine.client, job.id)
    return found.status === 'paused' && found
  })
  expect([...ray.jobs.values()].filter(({ status }) => status === 'RUNNING')).toEqual([])
  await engine.client.fineTuning.jobs.resume(job.id)
  await reachedStep(engine.client, job.id, (paused.limerick.step ?? 0) + 2)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(steps.length))
  expect(submitted(job).map(({ submission_id: id }) => id.at(-1))).toEqual(['1', '2'])
  await cancelled(job)
})

test('what the cluster has no room for says that it waits, while jobs here train', async () => {
  ray.full = true
  const job = await create(LONG)
  await doing(job, 'waiting for the cluster to start it')
  const here = await ended(engine.client, (await create(1, { launcher: 'local', method: 'full' })).id)
  expect(here).toMatchObject({ status: 'succeeded', limerick: { trainer: 'onnx', launcher: 'local' } })
  ray.full = false
  await reachedStep(engine.client, job.id, 1)
  await cancelled(job)
})

test('a cluster that does not answer for a while costs nothing: its job goes on', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  ray.offline = true
  await until('steps meanwhile', async () => ((await jobOf(engine.client, job.id)).limerick.step ?? 0) > 12)
  ray.offline = false
  expect((await jobOf(engine.client, job.id)).status).toBe('running')
  await cancelled(job)
  expect(submitted(job)).toHaveLength(1)
})

test('a job can be cancelled while the cluster does not answer, and its processes learn of it', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  ray.offline = true
  expect((await engine.client.fineTuning.jobs.cancel(job.id)).status).toBe('cancelled')
  await until('the end of its process', () =>
    [...ray.jobs.values()].every(({ status }) => status !== 'RUNNING'),
  )
})

test('a head that was started anew has lost the job: it goes on from its last state, once', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 7)
  await ray.restart()
  await until('another job of the cluster', () => submitted(job).length === 2)
  await reachedStep(engine.client, job.id, 12)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(steps.length))
  await cancelled(job)
})

test('an answer to the submission that is lost costs a question, and no second training', async () => {
  ray.lost.add('POST /api/jobs/')
  const job = await create(LONG)
  await until('the submission', () => submitted(job).length === 1)
  await reachedStep(engine.client, job.id, 3)
  ray.lost.clear()
  expect(submitted(job)).toHaveLength(1)
  expect((await told(job)).join()).not.toContain('unexpectedly')
  await cancelled(job)
})

test('a job waits for a cluster that is away when its turn comes, or that is too busy to take it', async () => {
  ray.instead.set('POST /api/jobs/', () => new Response('<html>bad gateway</html>', { status: 502 }))
  const job = await create(LONG)
  await doing(job, 'the cluster answered 502')
  expect((await jobOf(engine.client, job.id)).status).toBe('queued')
  ray.offline = true
  await doing(job, 'the cluster does not answer')
  Object.assign(ray, { offline: false })
  ray.instead.clear()
  await reachedStep(engine.client, job.id, 1)
  expect(submitted(job)).toHaveLength(1)
  await cancelled(job)
})

test('paused out of reach and resumed, the earlier part ends before the next begins', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  const [first = ''] = submitted(job).map(({ submission_id: id }) => id)
  // Its process does not see the wish to stop in time.
  ray.suspend(first)
  ray.offline = true
  await engine.client.fineTuning.jobs.pause(job.id)
  await until('the pause', async () => {
    const { status } = await jobOf(engine.client, job.id)
    return status === 'pausing' || status === 'paused'
  })
  await engine.kill()
  engine = await start(engine.folder)
  ray.offline = false
  ray.goOn(first)
  await until('the pause', async () => (await jobOf(engine.client, job.id)).status === 'paused')
  await engine.client.fineTuning.jobs.resume(job.id)
  await until('the next part', () => submitted(job).length === 2)
  expect(ray.jobs.get(first)?.status).not.toBe('RUNNING')
  await reachedStep(engine.client, job.id, 6)
  const steps = await stepsOf(job)
  expect(steps).toEqual(range(steps.length))
  await cancelled(job)
})

test('without its settings a job stays as it is, says what it waits for, and goes on with them', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  await engine.kill()
  engine = await startEngine(engine.folder)
  await doing(job, 'waiting for LIMERICK_RAY')
  expect((await jobOf(engine.client, job.id)).status).toBe('running')
  await engine.kill()
  engine = await start(engine.folder)
  await reachedStep(engine.client, job.id, 8)
  expect(submitted(job)).toHaveLength(1)
  await cancelled(job)
})

test('a shared folder that has gone away ends its job, and never the engine', async () => {
  const job = await create(LONG)
  await reachedStep(engine.client, job.id, 2)
  renameSync(path.join(shared, 'runs', job.id), path.join(shared, 'away'))
  await engine.client.fineTuning.jobs.cancel(job.id)
  const { folder } = engine
  await engine.kill()
  engine = await start(folder)
  expect((await jobOf(engine.client, job.id)).status).toBe('cancelled')
  rmSync(path.join(shared, 'away'), { recursive: true })
})

test('several jobs are given to the cluster at once', async () => {
  const jobs = [await create(LONG), await create(LONG)]
  for (const { id } of jobs) await reachedStep(engine.client, id, 1)
  for (const job of jobs) await engine.client.fineTuning.jobs.cancel(job.id)
})

test('a refused token, an address that is no cluster, and none at all say what to do', async () => {
  const trainers = async (from: TestEngine) => {
    const headers = { Authorization: `Bearer ${from.key}` }
    const url = from.baseURL.replace('/v1', '/limerick/trainers')
    return (await (await fetch(url, { headers })).json()) as WireTrainers
  }
  const known = await until('the cluster', async () => {
    const { cluster } = await trainers(engine)
    return cluster?.state === 'ready' && cluster
  })
  expect(known).toMatchObject({ version: '2.60.0', nodes: 1, cpus: 2, gpus: 0 })
  expect(JSON.stringify(known)).not.toContain(RAY_TOKEN)
  const folder = engine.folder
  await engine.kill()
  engine = await start(folder, 'wrong')
  await expect(create(1)).rejects.toMatchObject({
    status: 400,
    param: 'limerick.launcher',
    message: expect.stringContaining('refuses the token'),
  })
  await engine.kill()
  engine = await startEngine(folder)
  await expect(create(1)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('none is set up'),
  })
  await expect(create(1, { launcher: 'ray', trainer: 'onnx' })).rejects.toMatchObject({
    param: 'limerick.launcher',
  })
  await expect(create(1, { launcher: 'local', trainer: 'onnx', devices: 2 })).rejects.toMatchObject({
    param: 'limerick.devices',
  })
  expect(existsSync(path.join(shared, 'runs'))).toBe(true)
  await engine.kill()
  engine = await start(folder)
})
