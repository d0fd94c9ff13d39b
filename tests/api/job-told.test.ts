import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { curvePoints } from '#lib/jobs/get-series.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { QUICK } from '../support/quick.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'
import { untilTrue as until } from '../support/until.ts'

await setUpStudio()

const field = (name: string) => readFileSync(path.resolve('tests/fixtures/field', name), 'utf8')

let provider: TrainingProvider
let stop: AbortController
let following: Promise<void>

const EVENTS = 'GET /fine_tuning/jobs/:id/events'

beforeEach(async () => {
  provider = await startTrainingProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio().deleteFrom('jobs').execute()
  stop = new AbortController()
  following = startSyncLoop(stop.signal, { ...QUICK, reconcile: [0], longest: 20 })
})
afterEach(async () => {
  stop.abort()
  await following
  await provider.close()
})

/** A job that other code created. @returns its id here, once it is known */
async function served(facts: Record<string, unknown>): Promise<string> {
  const job = {
    ...{ object: 'fine_tuning.job' as const, model: 'limerick-base', status: 'running' },
    ...{ created_at: 1_764_300_000, ...facts, id: 'ftjob-x' },
  }
  provider.jobs.set('ftjob-x', job)
  await until(async () => (await listJobs()).length === 1)
  return (await listJobs())[0]?.id ?? ''
}

const answers = (body: string) => (response: import('node:http').ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(body)
}

const end = { status: 'succeeded', finished_at: 1_764_300_100, fine_tuned_model: 'ft:x' }
const ended = (id: string) => until(async () => (await getJob(id)).finishedAt !== null)

describe('events as other servers tell them', () => {
  test('bare NaN and Infinity: the job ends, and has diverged at step 4', async () => {
    provider.instead.set(EVENTS, answers(field('48-events-nan-losses.json')))
    const id = await served(end)
    await ended(id)
    const job = await getJob(id)
    expect(job).toMatchObject({ status: 'succeeded', fineTunedModel: 'ft:x', trouble: null, eventCount: 8 })
    expect(job.diagnosis).toEqual({ kind: 'notANumber', step: 4, count: 3 })
    const losses = (await curvePoints(id)).map(({ step, trainLoss }) => [step, trainLoss])
    expect(losses.filter(([, loss]) => loss !== null)).toEqual([
      [1, 0.9],
      [2, 0.9],
      [3, 0.9],
      [6, 0],
    ])
  })

  test('steps told twice after a resume: the later loss wins, and the newest step is on top', async () => {
    provider.instead.set(EVENTS, answers(field('47-events-steps-told-twice.json')))
    const id = await served(end)
    await ended(id)
    const events = await jobEvents(id)
    expect(events).toHaveLength(22)
    expect(events[0]?.step).toBe(20)
    expect(events.map(({ step }) => step).slice(10, 14)).toEqual([10, 9, 10, 9])
    expect(await curvePoints(id)).toHaveLength(20)
  })

  test('events without ids are told once, however often they are read', async () => {
    const event = { created_at: 1, level: 'info', message: 'Step 1/2', data: { step: 1, train_loss: 2 } }
    provider.instead.set(EVENTS, answers(JSON.stringify({ data: [{ ...event, message: 'later' }, event] })))
    const id = await served({})
    await until(async () => (await getJob(id)).eventCount > 0)
    await provider.asked(EVENTS, 2)
    expect(await jobEvents(id)).toHaveLength(2)
  })

  test.each([
    ['no JSON', answers('<html>')],
    ['a list of something else', answers('{"data":"none"}')],
  ])('%s: the status and the end arrive all the same', async (_, answer) => {
    provider.instead.set(EVENTS, answer)
    const id = await served({})
    await until(async () => (await getJob(id)).trouble !== null)
    expect(await getJob(id)).toMatchObject({ status: 'running', finishedAt: null })
    Object.assign(provider.jobs.get('ftjob-x') ?? {}, end)
    await until(async () => (await getJob(id)).status === 'succeeded')
    await ended(id)
    expect(await getJob(id)).toMatchObject({ fineTunedModel: 'ft:x', trouble: null })
  })
})

test.each([
  ['completed', 'succeeded'],
  ['SUCCESS', 'succeeded'],
  ['JOB_STATE_COMPLETED', 'succeeded'],
  ['done', 'succeeded'],
  ['error', 'failed'],
  ['TIMEOUT_EXCEEDED', 'failed'],
  ['canceled', 'cancelled'],
  ['stopped', 'cancelled'],
])('a job that another server calls %s has %s', async (status, ours) => {
  const id = await served({ status })
  await ended(id)
  expect((await getJob(id)).status).toBe(ours)
})

test('rates that Azure leaves to itself (-1) are automatic, and its pending job is shown as it is', async () => {
  const id = await served(JSON.parse(field('51-azure-job-pending-nulls.json')))
  await until(async () => (await getJob(id)).seed === 7)
  expect(await getJob(id)).toMatchObject({
    status: 'pending',
    error: null,
    hyperparameters: { nEpochs: null, auto: ['nEpochs', 'batchSize', 'learningRateMultiplier'] },
  })
})
