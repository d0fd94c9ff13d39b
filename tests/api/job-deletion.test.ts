import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { insertEval } from '#lib/evals/store.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs, viewJob } from '#lib/jobs/list.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { changedSince, insertJob, jobRow, lastChange } from '#lib/jobs/store.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { pointAlias } from '#lib/models/aliases.ts'
import { listModels } from '#lib/models/list.ts'
import { insertComparison } from '#lib/playground/store.ts'
import * as storageRoute from '../../app/api/storage/jobs/route.ts'
import { callRoute } from '../support/call-route.ts'
import { until } from '../support/engine.ts'
import { jobDraft } from '../support/job-draft.ts'
import { QUICK } from '../support/quick.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

await setUpStudio()
const engine = await setUpEngine()

const stop = new AbortController()
let following: Promise<void>
beforeAll(() => {
  following = startSyncLoop(stop.signal, QUICK)
})
afterAll(async () => {
  stop.abort()
  await following
})

const { id: datasetId } = await loadSample()

async function trained(more: Partial<JobDraft> = {}) {
  const { id } = await launchJob(
    jobDraft(datasetId, {
      hyperparameters: { nEpochs: 1, batchSize: 5, learningRateMultiplier: 'auto' },
      ...more,
    }),
  )
  return until('the end of the job', async () => {
    const job = await viewJob(id)
    return job.status === 'succeeded' && job
  })
}

async function added(more: Partial<Parameters<typeof insertJob>[0]>): Promise<string> {
  const id = newJobId()
  await insertJob({
    ...{ id, provider_id: 'compatible', remote_id: `ftjob-${id}`, launch: 'known', request_hash: id },
    ...{
      request_json: '{}',
      status: 'succeeded',
      model: 'away',
      created_at: 1,
      updated_at: 1,
      finished_at: 2,
    },
    ...more,
  })
  return id
}

async function evaluation(n: number, jobId: string, model: string, state: string) {
  const column = { providerId: 'embedded', model, label: model, fewShot: 0, kind: 'final', jobId, step: 2 }
  const id = `eval_${String(n).padStart(24, '0')}`
  await insertEval(
    {
      ...{ id, dataset_id: datasetId, version_id: null, revision: 1, split: 'heldout', job_id: jobId },
      ...{ sweep: 0, request_hash: '', request_json: '{}', shots_json: '[]', state, pauses_json: '[]' },
      ...{ columns_json: JSON.stringify([{ ...column, examples: [] }]), error_json: null, confirmed: null },
      ...{ created_at: 1, finished_at: null },
    },
    [],
    [],
  )
  return id
}

const evalRecord = (id: string) =>
  studio().selectFrom('evals').selectAll().where('id', '=', id).executeTakeFirst()

const dependents = async (...ids: string[]) => callRoute(storageRoute.GET, { query: `?ids=${ids.join(',')}` })
const remove = async (...ids: string[]) =>
  callRoute(storageRoute.DELETE, { query: `?ids=${ids.join(',')}`, method: 'DELETE' })

describe('a job of the built-in engine', () => {
  test('is kept while something uses it, says what, and goes with its models afterwards', async () => {
    const job = await trained()
    const model = job.fineTunedModel ?? ''
    expect(model).not.toBe('')
    await pointAlias({ name: 'support', providerId: 'embedded', model, why: '' })
    const asking = await evaluation(1, job.id, model, 'paused')
    await insertComparison({
      ...{ id: 'cmp_1', job_id: job.id, blind: 0, question: 'q', request_json: '{}', order_json: '[]' },
      created_at: 1,
    })

    const { answer: before } = await dependents(job.id)
    expect(before).toMatchObject([
      { id: job.id, here: true, aliases: ['support'], evaluations: 1, comparisons: 1, further: [] },
    ])
    expect(before[0].models).toBeGreaterThan(0)
    expect(before[0].obstacle.message).toBe(
      `support points to a model of job ${job.number}. Point it to another model first.`,
    )
    const kept = await remove(job.id)
    expect(kept.answer).toEqual({ done: [], failures: [{ id: job.id, ...before[0].obstacle }] })
    expect((await listModels()).models.map(({ id }) => id)).toContain(model)

    await pointAlias({ name: 'support', providerId: 'embedded', model: 'limerick-base', why: '' })
    expect((await remove(job.id)).answer.failures).toMatchObject([
      { message: expect.stringContaining('An evaluation is asking the models') },
    ])
    await studio().updateTable('evals').set({ state: 'done' }).where('id', '=', asking).execute()

    const cursor = await lastChange()
    expect((await remove(job.id)).answer).toEqual({ done: [job.id], failures: [] })
    expect(await listJobs()).toEqual([])
    await expect(viewJob(job.id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await jobEvents(job.id)).toEqual([])
    expect((await listModels()).models.filter(({ kind }) => kind !== 'base')).toEqual([])
    const served = await engine.client.models.list()
    expect(served.data.map(({ id }) => id)).toEqual(['limerick-base'])
    // Open pages are told once, and evaluation and comparison no longer lead to it.
    expect(await changedSince(cursor)).toMatchObject([{ id: job.id, launch: 'deleted' }])
    const record = await evalRecord(asking)
    expect(record).toMatchObject({ job_id: null, state: 'done' })
    expect(JSON.parse(record?.columns_json ?? '')).toMatchObject([{ model, jobId: null }])
    const comparisons = await studio().selectFrom('comparisons').select('job_id').execute()
    expect(comparisons).toEqual([{ job_id: null }])

    // The engine still lists it, and the loop finds only what is new: numbers go on behind it.
    const next = await trained()
    expect(next.number).toBe(job.number + 1)
    expect((await listJobs()).map(({ id }) => id)).toEqual([next.id])
    expect((await dependents(job.id)).status).toBe(404)
    await remove(next.id)
  })

  test('that others were trained from is named, and goes with them in one step', async () => {
    const first = await trained()
    const second = await trained({ model: first.fineTunedModel ?? '' })
    expect((await dependents(first.id)).answer).toMatchObject([{ further: [second.number], obstacle: null }])
    expect((await remove(first.id, second.id)).answer).toEqual({ done: [second.id, first.id], failures: [] })
    expect((await engine.client.models.list()).data).toHaveLength(1)
  })

  test('that has not ended is cancelled first', async () => {
    const id = await added({
      provider_id: 'embedded',
      remote_id: null,
      status: 'unknown',
      launch: 'unknown',
      finished_at: null,
    })
    expect((await remove(id)).answer.failures).toMatchObject([
      { message: expect.stringMatching(/^Job \d+ has not ended\. Cancel it first/) },
    ])
    await studio().deleteFrom('jobs').where('id', '=', id).execute()
  })
})

test('a job of another provider leaves only the list: what stays there is left alone', async () => {
  const model = 'ft:away:org:elle:AbCd1234'
  const id = await added({ fine_tuned_model: model, dataset_id: datasetId, suffix: 'elle' })
  await studio()
    .insertInto('aliases')
    .values({ name: 'afar', provider_id: 'compatible', model, created_at: 1, updated_at: 1 })
    .execute()
  expect((await dependents(id)).answer).toMatchObject([
    { here: false, models: 1, aliases: ['afar'], obstacle: null },
  ])
  expect((await remove(id)).answer).toEqual({ done: [id], failures: [] })
  const aliases = await studio().selectFrom('aliases').select('model').where('name', '=', 'afar').execute()
  expect(aliases).toEqual([{ model }])
  expect(await jobRow(id)).toBeUndefined()
})

test('an address without jobs, or with too many, is refused', async () => {
  expect((await dependents()).status).toBe(400)
  expect((await remove(...Array.from({ length: 101 }, (_, n) => `run_${n}`))).status).toBe(400)
  expect((await remove('run_nowhere')).status).toBe(404)
})
