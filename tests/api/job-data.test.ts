import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { beginEval } from '#lib/evals/begin.ts'
import { afterTraining } from '#lib/home/after-training.ts'
import { compareJobs } from '#lib/jobs/compare-jobs.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { adoptJob } from '#lib/jobs/reconcile.ts'
import { updateJob } from '#lib/jobs/store.ts'
import { RemoteJob } from '#lib/jobs/wire.ts'
import { noteDeleted } from '#lib/models/store.ts'
import { insertAnswer, insertComparison } from '#lib/playground/store.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import * as importRoute from '../../app/api/jobs/[jobId]/import/route.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider } from '../support/training-provider.ts'

await setUpStudio()

const provider = await startTrainingProvider()
let elle: DatasetSummary

beforeAll(async () => {
  setEngineAddress(provider)
  elle = await loadSample()
})
beforeEach(() => studio().deleteFrom('jobs').execute())
afterAll(async () => {
  await provider.close()
})

/** A job that other code created there, taken in as the follower does. @returns its id here */
async function found(id: string, facts: Record<string, unknown> = {}): Promise<string> {
  const job = {
    id,
    object: 'fine_tuning.job' as const,
    status: 'succeeded',
    model: 'limerick-base',
    created_at: 1_764_300_000 + provider.jobs.size,
    training_file: 'file-train',
    ...facts,
  }
  provider.jobs.set(id, job)
  await adoptJob('embedded', RemoteJob.parse(job))
  const known = (await listJobs()).find(({ remoteId }) => remoteId === id)
  const jobId = known?.id ?? ''
  await updateJob(jobId, { fine_tuned_model: `ft:${id}` })
  return jobId
}

const call = (jobId: string) =>
  importRoute.POST(new Request(`http://localhost/api/jobs/${jobId}/import`, { method: 'POST' }), {
    params: Promise.resolve({ jobId }),
  })

describe('the files of a job become a dataset', () => {
  const rows = ['Neon', 'Gold', 'Tin', 'Iron', 'Lead'].map((name) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Tell me about ${name}` },
        { role: 'assistant', content: `${name} is an element.` },
      ],
    }),
  )

  test('its training rows to train on, its validation rows held out', async () => {
    provider.files.set('file-train', `${rows.slice(0, 3).join('\n')}\n`)
    provider.files.set('file-valid', `${rows.slice(3, 5).join('\n')}\n`)
    const jobId = await found('ftjob-a', { validation_file: 'file-valid', user_provided_suffix: 'voice' })
    const answer = await call(jobId)
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({
      name: 'voice',
      train: { examples: 3 },
      heldout: { examples: 2 },
    })
  })

  test('a provider that does not give the file back is heard, and nothing is left of it', async () => {
    const jobId = await found('ftjob-b')
    const before = (await listDatasets()).length
    provider.instead.set('GET /files/file-train/:id', (response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ error: { message: 'Not allowed to download files of purpose: fine-tune' } }),
      )
    })
    const answer = await call(jobId)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringMatching(/Not allowed/) } })
    expect(await listDatasets()).toHaveLength(before)
  })
})

describe('a new evaluation', () => {
  test('begins with the newest job that has its dataset here, and with that dataset', async () => {
    const own = await found('ftjob-own')
    await updateJob(own, { dataset_id: elle.id })
    await found('ftjob-newer')
    const deleted = await found('ftjob-deleted')
    await updateJob(deleted, { dataset_id: elle.id })
    await noteDeleted('embedded', 'ft:ftjob-deleted')
    const begin = await beginEval({}, await listDatasets())
    expect([begin.job?.id, begin.datasetId]).toEqual([own, elle.id])
  })

  test('of a job whose data is not here, or of rows that are not, leaves the rows to be chosen', async () => {
    const jobId = await found('ftjob-stranger')
    const datasets = await listDatasets()
    expect(await beginEval({ job: jobId }, datasets)).toMatchObject({ job: { id: jobId }, datasetId: null })
    expect(await beginEval({ dataset: 'data_nope' }, datasets)).toEqual({ job: null, datasetId: null })
  })
})

test('a comparison leaves an id that no job has out and names it', async () => {
  const jobId = await found('ftjob-kept')
  expect(await compareJobs([jobId, 'run_nope'])).toMatchObject({
    runs: [{ id: jobId }],
    missing: ['run_nope'],
  })
  await expect(compareJobs(['run_nope'])).rejects.toMatchObject({ code: 'not_found' })
})

test('what is left to do with a job: nothing was asked of it, then it has answered', async () => {
  const jobId = await found('ftjob-left')
  const nothing = { jobId, compared: false, evalId: null, judgeable: false, used: false }
  expect(await afterTraining(jobId)).toEqual(nothing)
  const comparison = {
    id: 'cmp_1',
    job_id: jobId,
    blind: 0,
    question: 'q',
    request_json: '{}',
    order_json: '[0]',
  }
  await insertComparison({ ...comparison, created_at: 1 })
  const answer = {
    comparison_id: 'cmp_1',
    place: 0,
    sample: 0,
    provider_id: 'embedded',
    few_shot: 0,
    text: 'a',
  }
  const kept = { ...answer, state: 'finished', facts_json: null, error_json: null, ended_at: 1 }
  await insertAnswer({ ...kept, model: 'limerick-base' })
  expect(await afterTraining(jobId)).toEqual(nothing)
  await insertAnswer({ ...kept, model: 'ft:ftjob-left' })
  expect(await afterTraining(jobId)).toEqual({ ...nothing, compared: true })
})
