/** Together's API in OpenAI's words: what a job, a model and a rescue get of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { archived, textIn } from '#lib/archive/read.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'
import { getJob } from '#lib/jobs/get.ts'
import { curvePoints } from '#lib/jobs/get-series.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { catalogOf } from '#lib/providers/catalog.ts'
import { client } from '#lib/providers/client.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { bringHome } from '#lib/rescue/run.ts'
import { connect, filesWith, sync } from '../support/connected.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import {
  startTogether,
  TOGETHER_BASE,
  TOGETHER_KEY,
  type TogetherServer,
} from '../support/together-server.ts'

const folder = await setUpStudio()
const { id: datasetId } = await loadSample()
let server: TogetherServer
let providerId: ProviderId

beforeAll(async () => {
  server = await startTogether()
  providerId = await connect('together', server.baseURL, TOGETHER_KEY)
})
afterAll(() => server.close())
beforeEach(async () => {
  await studio().deleteFrom('jobs').execute()
  server.creations.length = 0
  server.lost.clear()
  server.instead.clear()
})

const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, { providerId, model: TOGETHER_BASE, suffix: 'poems', ...more })

const launch = async (more: Partial<JobDraft> = {}) => {
  const job = await launchJob(draft(more))
  if (job.remoteId === null) throw new Error('The job was not created.')
  return { id: job.id, remote: job.remoteId, status: job.status }
}

/** A job that has ended well, with three steps and two checkpoints. */
async function trained(more: Partial<JobDraft> = {}) {
  const job = await launch(more)
  server.go(job.remote, 'running', 'training_start')
  server.metrics
    .get(job.remote)
    ?.push(
      { 'train/loss': 1.5, 'train/learning_rate': 0.00001, 'train/global_step': 1 },
      { 'train/loss': 0.5, 'train/global_step': 2 },
      { 'eval/loss': 0.7, 'train/global_step': 2 },
      { 'train/loss': 0, 'train/global_step': 3 },
    )
  const checkpoint = (step: number) => ({
    ...{ step, created_at: '2026-11-20T11:00:00Z', path: `/ckpt/${step}`, checkpoint_type: 'Intermediate' },
  })
  server.checkpoints.get(job.remote)?.push(checkpoint(2), checkpoint(3))
  server.go(job.remote, 'running', 'epoch_complete', { step: 3, total_steps: 3 })
  server.go(job.remote, 'uploading', 'training_complete')
  Object.assign(server.jobs.get(job.remote) ?? {}, {
    model_output_name: 'me/Llama-poems-1a2b',
    token_count: 99,
  })
  server.go(job.remote, 'completed', 'job_complete')
  return job
}

describe('a job', () => {
  test('is created in Together’s words, its rows uploaded by its form', async () => {
    const { remote, status } = await launch({
      validation: { datasetId, split: 'heldout' },
      seed: 7,
      patience: 2,
    })
    expect(status).toBe('queued')
    const [file] = [...server.files.values()]
    expect(file?.content.split('\n')[0]).toMatch(/^\{"messages":/)
    expect(file?.object.purpose).toBe('fine-tune')
    expect(server.creations).toEqual([
      {
        model: TOGETHER_BASE,
        training_file: file?.object.id,
        validation_file: expect.stringMatching(/^file-/),
        n_epochs: 1,
        n_checkpoints: 1,
        n_evals: 1,
        suffix: 'poems',
        random_seed: 7,
        training_method: { method: 'sft' },
        early_stopping_enabled: true,
        early_stopping_patience: 2,
      },
    ])
    expect(server.jobs.has(remote)).toBe(true)
  })

  test('is sent its learning rate as it is, and never a multiple of one', async () => {
    const hyperparameters = { nEpochs: 3, batchSize: 4, learningRateMultiplier: 1.8 } as const
    const { id } = await launch({ hyperparameters, learningRate: 0.00002 })
    expect(server.creations[0]).toMatchObject({ n_epochs: 3, batch_size: 4, learning_rate: 0.00002 })
    await sync(id)
    expect((await getJob(id)).hyperparameters).toMatchObject({
      ...{ nEpochs: 3, batchSize: 4, learningRate: 0.00002, learningRateMultiplier: null },
    })
    const asked = client(providerId).fineTuning.jobs.create({
      model: TOGETHER_BASE,
      training_file: 'file-x',
      method: { type: 'supervised', supervised: { hyperparameters: { learning_rate_multiplier: 2 } } },
    })
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'learning_rate_multiplier' })
    expect(server.creations).toHaveLength(1)
  })

  test('has its losses as steps, its checkpoints and its model', async () => {
    const { id, remote } = await trained()
    await sync(id)
    const job = await getJob(id)
    expect(job).toMatchObject({
      ...{ status: 'succeeded', fineTunedModel: 'me/Llama-poems-1a2b', step: 3, totalSteps: 3, lastLoss: 0 },
      ...{ trainedTokens: null, resultFiles: [`weights-${remote}`] },
    })
    const points = await curvePoints(id)
    expect(points.map(({ step, trainLoss, fullValidLoss }) => [step, trainLoss, fullValidLoss])).toEqual([
      [1, 1.5, null],
      [2, 0.5, 0.7],
      [3, 0, null],
    ])
    expect(job.checkpoints.map(({ step, model, validLoss }) => [step, model, validLoss])).toEqual([
      [3, `${remote}:3`, null],
      [2, `${remote}:2`, 0.7],
    ])
    // What has no place in OpenAI's words is kept in Together's.
    expect(job.providerRaw).toMatchObject({
      status: 'completed',
      token_count: 99,
      training_type: { type: 'Lora' },
    })
  })

  test('keeps its events and their order, each once, however often it is asked', async () => {
    const { id } = await trained()
    await sync(id)
    const read = async () =>
      (
        await studio()
          .selectFrom('job_events')
          .select(['message', 'type'])
          .where('job_id', '=', id)
          .orderBy('seq')
          .execute()
      ).map(({ type, message }) => `${type}: ${message}`)
    const told = await read()
    expect(told).toEqual([
      'message: Job is pending',
      'message: Job is running',
      'metrics: Step 1/3: train loss=1.5000',
      'metrics: Step 2/3: train loss=0.5000',
      'metrics: Step 2/3: full valid loss=0.7000',
      'message: Job is running',
      'metrics: Step 3/3: train loss=0.0000',
      'message: Job is uploading',
      'message: Job is completed',
    ])
    await sync(id)
    expect(await read()).toEqual(told)
  })

  test('that fails says why, though only an event does', async () => {
    const { id, remote } = await launch()
    server.go(remote, 'error', 'job_error', {
      level: 'error',
      message: 'Example 3 has no assistant message.',
    })
    await sync(id)
    expect(await getJob(id)).toMatchObject({
      status: 'failed',
      error: { message: 'Example 3 has no assistant message.' },
    })
  })

  test('is cancelled in two steps', async () => {
    const { id, remote } = await launch()
    expect(await cancelJob(id)).toMatchObject({ status: 'cancel_requested', finishedAt: null })
    server.go(remote, 'cancelled', 'job_stopped')
    await sync(id)
    expect(await getJob(id)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(Number) })
  })

  test('that is refused leaves nothing, with Together’s own words', async () => {
    const asked = launchJob(draft({ model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo' }))
    await expect(asked).rejects.toThrow(/is not supported for fine-tuning/)
    expect(await studio().selectFrom('jobs').select('launch').execute()).toEqual([{ launch: 'refused' }])
  })

  test('whose answer was lost is found by its file, and not made twice', async () => {
    server.lost.add('POST /v1/fine-tunes')
    const job = await launchJob(draft({ suffix: 'lost' }))
    expect(job).toMatchObject({ launch: 'unknown', remoteId: null })
    server.lost.clear()
    const made = [...server.jobs.values()].find(({ suffix }) => suffix === 'lost')
    // Its clock is that of this computer in truth.
    Object.assign(made ?? {}, { created_at: new Date().toISOString() })
    expect(await reconcileJob(job.id)).toMatchObject({ launch: 'known', remoteId: made?.id })
    expect(server.creations).toHaveLength(1)
  })

  test('goes on from another’s checkpoint', async () => {
    const { remote } = await trained()
    await launch({ model: `${remote}:2` })
    expect(server.creations[1]).toMatchObject({ model: TOGETHER_BASE, from_checkpoint: `${remote}:2` })
  })

  test('that cannot be looked up is not trained further, and nothing was sent', async () => {
    const { remote } = await trained()
    server.instead.set(`GET /v1/fine-tunes/${remote}`, () => new Response('', { status: 503 }))
    const asked = launchJob(draft({ model: `${remote}:2` }))
    await expect(asked).rejects.toThrow(/could not be read/)
    expect(server.creations).toHaveLength(1)
    expect((await studio().selectFrom('jobs').select('launch').orderBy('launch').execute()).at(-1)).toEqual({
      launch: 'refused',
    })
  })

  test.each([403, 404])('lives on when a part of it answers %i', async (status) => {
    const { id, remote } = await launch()
    const no = () => Response.json({ error: { message: 'Not found' } }, { status })
    for (const part of ['events', 'metrics']) server.instead.set(`GET /v1/fine-tunes/${remote}/${part}`, no)
    Object.assign(server.jobs.get(remote) ?? {}, { status: 'running' })
    await sync(id)
    expect(await getJob(id)).toMatchObject({ status: 'running', finishedAt: null })
    server.instead.delete(`GET /v1/fine-tunes/${remote}/events`)
    server.go(remote, 'running', 'training_start')
    const { data } = await client(providerId).fineTuning.jobs.listEvents(remote)
    expect(data.map(({ message }) => message)).toContain('Job is running')
    server.checkpoints.get(remote)?.push({ step: 2, created_at: '2026-11-20T11:00:00Z' })
    expect((await client(providerId).fineTuning.jobs.checkpoints.list(remote)).data).toHaveLength(1)
  })

  test('has gone when the API says so, and not when a proxy does', async () => {
    const { remote } = await launch()
    const ask = () => client(providerId).fineTuning.jobs.retrieve(remote)
    const page = (text: string) => () =>
      new Response(text, { status: 404, headers: { 'content-type': 'text/html', 'x-request-id': 'r-1' } })
    for (const text of ['<html>404</html>', '']) {
      server.instead.set(`GET /v1/fine-tunes/${remote}`, page(text))
      await expect(ask()).rejects.toMatchObject({ status: 404, error: undefined, requestID: 'r-1' })
    }
    server.instead.clear()
    server.jobs.delete(remote)
    await expect(ask()).rejects.toMatchObject({ status: 404, error: { message: 'Fine-tune job not found' } })
  })

  test('is not written again because its progress is another', async () => {
    const { id, remote } = await launch()
    Object.assign(server.jobs.get(remote) ?? {}, {
      progress: { estimate_available: false, seconds_remaining: 9 },
    })
    await sync(id)
    expect((await getJob(id)).providerRaw).toMatchObject({ status: 'pending' })
    expect((await getJob(id)).providerRaw).not.toHaveProperty('progress')
  })

  test('has steps that come late, among more events than fit a page', async () => {
    const { id, remote } = await launch()
    server.go(remote, 'running', 'training_start')
    for (let line = 0; line < 150; line++) server.go(remote, 'running', 'log', { step: line })
    server.go(remote, 'uploading', 'training_complete')
    await sync(id)
    for (let step = 1; step <= 5; step++)
      server.metrics.get(remote)?.push({ 'train/loss': 1 / step, 'train/global_step': step })
    server.go(remote, 'completed', 'job_complete')
    await sync(id)
    expect((await curvePoints(id)).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5])
  })

  test('has weights that are not read as its curve', async () => {
    const { id, remote } = await trained()
    server.metrics.get(remote)?.pop()
    await sync(id)
    expect(await getJob(id)).toMatchObject({ status: 'succeeded', resultFiles: [`weights-${remote}`] })
    expect(server.seen.filter(({ line }) => line.includes(`ft_id=${remote}`))).toEqual([])
  })

  test('on pairs is trained by DPO', async () => {
    await client(providerId).files.create({ file: new File(['{}'], 'pairs.jsonl'), purpose: 'fine-tune' })
    const [file] = [...server.files.keys()].slice(-1)
    await client(providerId).fineTuning.jobs.create({
      model: TOGETHER_BASE,
      training_file: file ?? '',
      method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.2 } } },
    })
    expect(server.creations[0]).toMatchObject({ training_method: { method: 'dpo', dpo_beta: 0.2 } })
  })

  test('cannot be paused: there is no such call', async () => {
    const { remote } = await launch()
    await expect(client(providerId).fineTuning.jobs.pause(remote)).rejects.toMatchObject({
      ...{ status: 404, code: 'unsupported_endpoint' },
    })
  })
})

test('the catalogue has what chats and what can be trained, and the results of jobs', async () => {
  await trained()
  const { models } = await catalogOf(providerId)
  const told = models.map(({ id, kind, trainable }) => [id, kind, trainable])
  expect(told).toContainEqual(['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'base', false])
  expect(told).toContainEqual([TOGETHER_BASE, 'base', true])
  expect(told).toContainEqual(['me/Llama-poems-1a2b', 'fine-tuned', false])
  expect(told.flat()).not.toContain('black-forest-labs/FLUX.1-schnell')
})

test('a model answers in a stream', async () => {
  const chunks = await client(providerId).chat.completions.create({
    ...{ model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo', stream: true },
    messages: [{ role: 'user', content: 'Neon?' }],
  })
  let text = ''
  for await (const { choices } of chunks) text += choices[0]?.delta.content ?? ''
  expect(text).toBe('Neon glows.')
})

test('a file is uploaded as a stream too, listed by purpose, read and deleted', async () => {
  async function* rows() {
    yield Buffer.from('{"messages":')
    yield Buffer.from('[]}\n')
  }
  const { toStreamingFile } = await import('openai')
  const { files } = client(providerId)
  const { id } = await files.create({ file: toStreamingFile(rows(), 'é"rows.jsonl'), purpose: 'fine-tune' })
  expect(await (await files.content(id)).text()).toBe('{"messages":[]}\n')
  expect((await files.list({ purpose: 'fine-tune' })).data.map((file) => file.id)).toContain(id)
  expect((await files.list({ purpose: 'batch' })).data).toEqual([])
  expect(await files.delete(id)).toMatchObject({ id, deleted: true })
  await expect(files.retrieve(id)).rejects.toMatchObject({ status: 404, message: '404 File not found' })
})

test('a file that Together finds wrong is in error, with its reason', async () => {
  const { id } = await client(providerId).files.create({
    file: new File(['x'], 'x.jsonl'),
    purpose: 'fine-tune',
  })
  Object.assign(server.files.get(id)?.object ?? {}, {
    ...{
      processing_status: 'INVALID_FORMAT',
      validation_report: { valid: false, error: 'Line 1 is no JSON.' },
    },
  })
  expect(await client(providerId).files.retrieve(id)).toMatchObject({
    ...{ status: 'error', status_details: 'Line 1 is no JSON.' },
  })
})

test('a rescue brings jobs, events, files and the weights home', async () => {
  const { remote } = await trained()
  await bringHome({ providerId, signal: new AbortController().signal, longest: 20 })
  const [job] = (await archived(providerId, 'job', remote)) ?? []
  expect(JSON.parse(await textIn(job as NonNullable<typeof job>))).toMatchObject({
    id: remote,
    status: 'succeeded',
  })
  const [, weights] = (await archived(providerId, 'file', `weights-${remote}`)) ?? []
  expect(await textIn(weights as NonNullable<typeof weights>)).toBe(`weights of ${remote}`)
})

test('the key went to Together alone, and is in no file', async () => {
  expect(server.seen.length).toBeGreaterThan(20)
  expect(new Set(server.seen.map(({ headers }) => headers.get('authorization')))).toEqual(
    new Set([`Bearer ${TOGETHER_KEY}`]),
  )
  expect(await filesWith(folder, TOGETHER_KEY)).toEqual([])
})
