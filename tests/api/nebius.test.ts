/** Nebius Token Factory: OpenAI's API with an absolute rate, losses by epoch, and weights to take home. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { archived, textIn } from '#lib/archive/read.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { curvePoints } from '#lib/jobs/get-series.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { catalogOf } from '#lib/providers/catalog.ts'
import { client } from '#lib/providers/client.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { bringHome } from '#lib/rescue/run.ts'
import { connect, filesWith, sync } from '../support/connected.ts'
import { jobDraft } from '../support/job-draft.ts'
import { NEBIUS_BASE, NEBIUS_KEY, type NebiusServer, startNebius } from '../support/nebius-server.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()
const { id: datasetId } = await loadSample()
let server: NebiusServer
let providerId: ProviderId

beforeAll(async () => {
  server = await startNebius()
  providerId = await connect('nebius', server.baseURL, NEBIUS_KEY)
})
afterAll(() => server.close())
beforeEach(async () => {
  await studio().deleteFrom('jobs').execute()
  server.creations.length = 0
  server.instead.clear()
})

const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, { providerId, model: NEBIUS_BASE, suffix: 'poems', ...more })

test('a rate is sent as it is, under the names that its API has had, and read back as it is', async () => {
  const hyperparameters = { nEpochs: 2, batchSize: 'auto', learningRateMultiplier: 1.8 } as const
  const job = await launchJob(draft({ hyperparameters, learningRate: 0.00002 }))
  expect(job).toMatchObject({ launch: 'known', status: 'running' })
  expect(server.creations[0]?.hyperparameters).toEqual({
    ...{ lora: true, n_epochs: 2, learning_rate: 0.00002, learning_rate_multiplier: 0.00002 },
  })
  expect(server.creations[0]).not.toHaveProperty('method')
  await sync(job.id)
  expect((await getJob(job.id)).hyperparameters).toMatchObject({
    ...{ nEpochs: 2, batchSize: 8, learningRate: 0.00002, learningRateMultiplier: null },
  })
})

test('a multiple of a rate and pairs are refused before anything is sent', async () => {
  const create = (method: object) =>
    client(providerId).fineTuning.jobs.create({
      model: NEBIUS_BASE,
      training_file: 'file-1',
      method,
    } as never)
  const supervised = { hyperparameters: { learning_rate_multiplier: 1.8 } }
  await expect(create({ type: 'supervised', supervised })).rejects.toMatchObject({
    param: 'learning_rate_multiplier',
  })
  await expect(create({ type: 'dpo', dpo: {} })).rejects.toMatchObject({ param: 'method' })
  expect(server.creations).toEqual([])
})

test('losses by epoch are the curve, in their order, each once', async () => {
  const { id, remoteId } = await launchJob(draft())
  server.finish(remoteId ?? '')
  await sync(id)
  expect(await getJob(id)).toMatchObject({
    status: 'succeeded',
    trainedTokens: 1_250,
    totalSteps: 20,
    lastLoss: 0,
  })
  const points = await curvePoints(id)
  expect(points.map(({ step, trainLoss, validLoss }) => [step, trainLoss, validLoss])).toEqual([
    [10, 3.5, 3.25],
    [20, 0, 2.5],
  ])
  const events = await studio()
    .selectFrom('job_events')
    .select('message')
    .where('job_id', '=', id)
    .orderBy('seq')
    .execute()
  expect(events.map(({ message }) => message)).toEqual([
    'Job is submitted',
    "Dataset 'training' processed successfully",
    'Step 10: train loss=3.5000, valid loss=3.2500',
    'Step 20: train loss=0.0000, valid loss=2.5000',
    'Training completed successfully',
  ])
})

test('all events arrive, however many pages they are', async () => {
  const { id, remoteId } = await launchJob(draft())
  for (let line = 1; line < 250; line++) server.tell(remoteId ?? '', `Line ${line}`)
  server.finish(remoteId ?? '')
  await sync(id)
  const events = await studio().selectFrom('job_events').select('message').where('job_id', '=', id).execute()
  // Its first event, those lines, the two of its end and the two losses.
  expect(new Set(events.map(({ message }) => message)).size).toBe(254)
})

test('losses are told though there are no events, and events though there are no checkpoints', async () => {
  const { remoteId } = await launchJob(draft())
  const id = remoteId ?? ''
  server.finish(id)
  const told = async (missing: string) => {
    server.instead.clear()
    server.instead.set(`GET /v1/fine_tuning/jobs/${id}/${missing}`, () =>
      Response.json({ detail: 'Not Found' }, { status: 404 }),
    )
    return (await client(providerId).fineTuning.jobs.listEvents(id)).data.map(({ message }) => message)
  }
  expect(await told('events')).toEqual([
    'Step 20: train loss=0.0000, valid loss=2.5000',
    'Step 10: train loss=3.5000, valid loss=3.2500',
  ])
  expect(await told('checkpoints')).toEqual([
    'Training completed successfully',
    "Dataset 'training' processed successfully",
    'Job is submitted',
  ])
})

test('its own words of a refusal arrive, a validator’s too', async () => {
  await expect(launchJob(draft({ model: 'meta-llama/Meta-Llama-3.1-8B-Instruct' }))).rejects.toThrow(
    /is not supported/,
  )
  await expect(launchJob(draft({ learningRate: 0.5 }))).rejects.toThrow(
    'hyperparameters.learning_rate: Input should be less than or equal to 0.1',
  )
})

test('the catalogue tells adapters from bases, and has the bases that no list has', async () => {
  const { models } = await catalogOf(providerId)
  expect(models.map(({ id, kind, trainable }) => [id, kind, trainable])).toEqual([
    ['meta-llama/Meta-Llama-3.1-8B-Instruct', 'base', true],
    ['meta-llama/Meta-Llama-3.1-8B-Instruct-LoRa:poems-JuNN', 'fine-tuned', false],
    [NEBIUS_BASE, 'base', true],
    ['meta-llama/Llama-3.3-70B-Instruct', 'base', true],
    ['unsloth/gpt-oss-20b-BF16', 'base', true],
  ])
})

test('a rescue brings the weights of every checkpoint home', async () => {
  const { remoteId } = await launchJob(draft())
  server.finish(remoteId ?? '')
  await bringHome({ providerId, signal: new AbortController().signal, longest: 20 })
  const adapters = [...server.files.values()].filter(({ object }) =>
    /safetensors/.test(String(object.filename)),
  )
  expect(adapters.length).toBeGreaterThan(1)
  for (const { object, content } of adapters) {
    const [, bytes] = (await archived(providerId, 'file', object.id)) ?? []
    expect(await textIn(bytes as NonNullable<typeof bytes>)).toBe(content)
  }
})

test('the key went to Nebius alone, and is in no file', async () => {
  expect(new Set(server.seen.map(({ headers }) => headers.get('authorization')))).toEqual(
    new Set([`Bearer ${NEBIUS_KEY}`]),
  )
  expect(await filesWith(folder, NEBIUS_KEY)).toEqual([])
})
