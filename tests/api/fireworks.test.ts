/** Fireworks' API in OpenAI's words: what a job, a model and a rescue get of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { itemsOf } from '#lib/archive/store.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { catalogOf } from '#lib/providers/catalog.ts'
import { client } from '#lib/providers/client.ts'
import { Connection, type ProviderId } from '#lib/providers/schema.ts'
import { bringHome } from '#lib/rescue/run.ts'
import { connect, filesWith, sync } from '../support/connected.ts'
import {
  ACCOUNT,
  FIREWORKS_BASE,
  FIREWORKS_KEY,
  type FireworksServer,
  startFireworks,
} from '../support/fireworks-server.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()
const { id: datasetId } = await loadSample()
let server: FireworksServer
let providerId: ProviderId

beforeAll(async () => {
  server = await startFireworks()
  providerId = await connect('fireworks', server.baseURL, FIREWORKS_KEY)
})
afterAll(() => server.close())
beforeEach(async () => {
  await studio().deleteFrom('jobs').execute()
  server.creations.length = 0
  server.lost.clear()
})

const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, { providerId, model: FIREWORKS_BASE, suffix: 'poems', ...more })

const nameOf = (remote: string | null) => `${ACCOUNT}/supervisedFineTuningJobs/${remote}`

describe('a job', () => {
  test('is created in Fireworks’ words, after its dataset', async () => {
    const hyperparameters = { nEpochs: 2, batchSize: 4, learningRateMultiplier: 1.8 } as const
    const validation = { datasetId, split: 'heldout' } as const
    const job = await launchJob(draft({ hyperparameters, validation, learningRate: 0.0001 }))
    expect(job).toMatchObject({ launch: 'known', status: 'queued' })
    const [file] = [...server.datasets.values()]
    expect(file?.content?.split('\n')[0]).toMatch(/^\{"messages":/)
    expect(server.creations).toEqual([
      {
        collection: 'supervisedFineTuningJobs',
        body: {
          displayName: `poems ${job.id}`,
          dataset: file?.object.name,
          evaluationDataset: expect.stringMatching(/^accounts\/me\/datasets\//),
          baseModel: FIREWORKS_BASE,
          ...{ epochs: 2, batchSizeSamples: 4, learningRate: 0.0001 },
          outputModel: expect.stringMatching(/^accounts\/me\/models\/poems-[a-z0-9]{8}$/),
        },
      },
    ])
  })

  test('goes from state to state, and says nothing new when nothing is', async () => {
    const { id, remoteId } = await launchJob(draft())
    const name = nameOf(remoteId)
    for (const [state, status] of [
      ['VALIDATING', 'validating_files'],
      ['RUNNING', 'running'],
      ['WRITING_RESULTS', 'running'],
    ] as const) {
      server.go(name, state)
      await sync(id)
      expect((await getJob(id)).status).toBe(status)
    }
    const change = (await getJob(id)).change
    await sync(id)
    expect((await getJob(id)).change).toBe(change)
    const outputModel = server.jobs.get(name)?.outputModel
    server.go(name, 'COMPLETED', { jobProgress: { percent: 100, epoch: 1 } })
    await sync(id)
    const job = await getJob(id)
    expect(job).toMatchObject({ status: 'succeeded', fineTunedModel: outputModel, checkpoints: [] })
    expect(job.providerRaw).toMatchObject({ state: 'JOB_STATE_COMPLETED', jobProgress: { percent: 100 } })
    expect(JSON.stringify(job)).not.toContain('X-Signature')
  })

  test('that fails says why', async () => {
    const { id, remoteId } = await launchJob(draft())
    server.go(nameOf(remoteId), 'FAILED', {
      status: { code: 'INVALID_ARGUMENT', message: 'Row 3 has no messages.' },
    })
    await sync(id)
    expect(await getJob(id)).toMatchObject({ status: 'failed', error: { message: 'Row 3 has no messages.' } })
  })

  test('is cancelled', async () => {
    const { id } = await launchJob(draft())
    expect(await cancelJob(id)).toMatchObject({ status: 'cancelled' })
  })

  test('whose answer was lost is found by our id in its name, and not made twice', async () => {
    server.lost.add(`POST /v1/${ACCOUNT}/supervisedFineTuningJobs`)
    const job = await launchJob(draft())
    expect(job).toMatchObject({ launch: 'unknown' })
    server.lost.clear()
    expect(await reconcileJob(job.id)).toMatchObject({
      launch: 'known',
      remoteId: expect.stringMatching(/^job-/),
    })
    expect(server.creations).toHaveLength(1)
  })

  test('that is refused leaves nothing, with Fireworks’ own words', async () => {
    await expect(launchJob(draft({ model: 'accounts/fireworks/models/deepseek-v3' }))).rejects.toThrow(
      /is not tunable/,
    )
  })

  test('on pairs is one of another collection, with another id', async () => {
    const [file = ''] = [...server.datasets.keys()]
    const create = (more: object) =>
      client(providerId).fineTuning.jobs.create({
        ...{
          model: FIREWORKS_BASE,
          training_file: file,
          method: { type: 'dpo', dpo: { hyperparameters: more } },
        },
      })
    await expect(create({ beta: 0.1 })).rejects.toMatchObject({ status: 400, param: 'beta' })
    const { id } = await create({ n_epochs: 1 })
    expect(server.creations.at(-1)).toMatchObject({
      collection: 'dpoJobs',
      body: { trainingConfig: { epochs: 1 } },
    })
    expect(await client(providerId).fineTuning.jobs.retrieve(id)).toMatchObject({
      id,
      method: { type: 'dpo' },
    })
  })

  test('is sent no multiple of a rate', async () => {
    const supervised = { hyperparameters: { learning_rate_multiplier: 2 } }
    await expect(
      client(providerId).fineTuning.jobs.create({
        ...{ model: FIREWORKS_BASE, training_file: 'x', method: { type: 'supervised', supervised } },
      }),
    ).rejects.toMatchObject({ status: 400, param: 'learning_rate_multiplier' })
    expect(server.creations).toEqual([])
  })
})

test('the catalogue is that of Fireworks and of the account, through all pages', async () => {
  const tuned = `${ACCOUNT}/models/poems`
  server.models.set(tuned, { name: tuned, kind: 'HF_PEFT_ADDON', state: 'READY' })
  const { models } = await catalogOf(providerId)
  expect(models.map(({ id, kind, trainable, context }) => [id, kind, trainable, context])).toEqual([
    [tuned, 'fine-tuned', true, null],
    [FIREWORKS_BASE, 'base', true, 32_768],
    ['accounts/fireworks/models/deepseek-v3', 'base', false, null],
  ])
  await launchJob(draft({ model: tuned }))
  expect(server.creations[0]?.body).toMatchObject({ warmStartFrom: tuned })
  expect(await client(providerId).models.delete(tuned)).toMatchObject({ deleted: true })
  await expect(client(providerId).models.delete(FIREWORKS_BASE)).rejects.toMatchObject({ status: 404 })
})

test('a model answers in a stream, elsewhere', async () => {
  const chunks = await client(providerId).chat.completions.create({
    ...{ model: FIREWORKS_BASE, stream: true, messages: [{ role: 'user', content: 'Neon?' }] },
  })
  let text = ''
  for await (const { choices } of chunks) text += choices[0]?.delta.content ?? ''
  expect(text).toBe('Neon glows.')
})

test('a rescue brings the jobs home, and says what Fireworks does not give', async () => {
  await launchJob(draft())
  await bringHome({ providerId, signal: new AbortController().signal, longest: 20 })
  const items = await itemsOf(providerId)
  expect(items.filter(({ kind }) => kind === 'job').every(({ saved_at }) => saved_at !== null)).toBe(true)
  const events = items.filter(({ kind }) => kind === 'events')
  expect(events.length).toBeGreaterThan(0)
  expect(new Set(events.map(({ reason }) => reason))).toEqual(new Set(['notOffered']))
  // Its files are there, though it does not give them: they are not gone.
  const files = items.filter(({ kind }) => kind === 'file')
  expect(files.length).toBeGreaterThan(0)
  expect(new Set(files.map(({ reason }) => reason))).toEqual(new Set(['notOffered']))
})

test('an address without an account is not taken', () => {
  const read = (address: string) =>
    Connection.safeParse({ kind: 'fireworks', name: 'F', address, key: FIREWORKS_KEY, nearby: false }).success
  expect(read('https://api.fireworks.ai/v1')).toBe(false)
  expect(read('https://api.fireworks.ai/v1/accounts/me-2/')).toBe(true)
})

test('the key went to Fireworks alone, and is in no file', async () => {
  expect(new Set(server.seen.map(({ headers }) => headers.get('authorization')))).toEqual(
    new Set([`Bearer ${FIREWORKS_KEY}`]),
  )
  expect(await filesWith(folder, FIREWORKS_KEY)).toEqual([])
})
