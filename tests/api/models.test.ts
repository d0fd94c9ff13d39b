import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { noteDeleted } from '#lib/models/store.ts'
import { openPlayground } from '#lib/playground/initial-state.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { GET } from '../../app/api/models/route.ts'
import { type ChatProvider, startChatProvider } from '../support/chat-provider.ts'
import { setUpStudio } from '../support/set-up.ts'

let provider: ChatProvider
await setUpStudio()

const TUNED = 'ft:steady:org:elle:AbCd1234'

const score = (passed: number) => ({
  ...{ passed, n: 7, interval: { low: 0, high: 1 }, mean: null, meanInterval: null },
})
const maker = { jobId: 'run_1', number: 1, name: 'The good one', suffix: null, datasetName: null }

beforeAll(async () => {
  provider = await startChatProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio()
    .insertInto('jobs')
    .values({
      id: 'run_1',
      number: 1,
      provider_id: 'embedded',
      launch: 'known',
      request_hash: 'h',
      request_json: '{}',
      status: 'succeeded',
      model: 'steady',
      fine_tuned_model: TUNED,
      name: 'The good one',
      // Of equal scores the earliest is the best.
      scores_json: JSON.stringify([
        { step: 80, model: `${TUNED}:ckpt-step-80`, ...score(6) },
        { step: 90, model: `${TUNED}:ckpt-step-90`, ...score(6) },
        { step: 100, model: TUNED, ...score(5) },
      ]),
      created_at: 1,
      updated_at: 1,
      change: 1,
    })
    .execute()
  const checkpoint = (step: number, model: string) => ({
    job_id: 'run_1',
    id: `ftckpt-${step}`,
    step,
    model,
    metrics_json: '{}',
    created_at: step,
  })
  await studio()
    .insertInto('job_checkpoints')
    .values([
      checkpoint(80, `${TUNED}:ckpt-step-80`),
      checkpoint(90, `${TUNED}:ckpt-step-90`),
      checkpoint(100, TUNED),
    ])
    .execute()
})
afterAll(async () => {
  setEngineAddress(null)
  await provider.close()
})

const list = async () => {
  const response = await GET(new Request('http://localhost/api/models'), {})
  expect(response.status).toBe(200)
  return response.json()
}

describe('GET /api/models', () => {
  test('lists what the provider serves, and our own snapshots beside it', async () => {
    expect(await list()).toEqual({
      models: [
        {
          providerId: 'embedded',
          id: 'steady',
          kind: 'base',
          trainable: true,
          createdAt: 1_700_000_000_000,
          shutdownDate: '2027-01-14',
          context: null,
          bits: null,
          training: null,
          lineage: null,
        },
        expect.objectContaining({
          ...{ id: TUNED, kind: 'fine-tuned', trainable: true, shutdownDate: null },
          lineage: { ...maker, step: null, best: false, score: score(5) },
        }),
        expect.objectContaining({
          ...{ id: `${TUNED}:ckpt-step-80`, kind: 'checkpoint', trainable: true },
          lineage: { ...maker, step: 80, best: true, score: score(6) },
        }),
        expect.objectContaining({
          ...{ id: `${TUNED}:ckpt-step-90`, kind: 'checkpoint', createdAt: 90 },
          lineage: { ...maker, step: 90, best: false, score: score(6) },
        }),
      ],
      failures: [],
      unusable: [],
    })
  })

  test('a provider that refuses is named beside, without its models', async () => {
    setEngineAddress({ baseURL: provider.baseURL, key: 'sk-some-other-key-9999' })
    const { models, failures } = await list()
    expect(models).toEqual([])
    expect(failures).toEqual([
      {
        providerId: 'embedded',
        name: 'Built-in engine',
        message: expect.stringContaining('Incorrect API key'),
      },
    ])
    expect(JSON.stringify(failures)).not.toContain(provider.key)
  })
})

describe('the address of the playground', () => {
  const open = (search: object) =>
    openPlayground({ job: null, model: [], c: null, preset: null, ...search }, [])

  test('without anything opens the newest run that has a model', async () => {
    expect(await open({})).toMatchObject({
      run: { id: 'run_1', number: 1 },
      panes: [
        { providerId: 'embedded', model: 'steady' },
        { providerId: 'embedded', model: TUNED },
      ],
    })
  })

  test('with a run and models shows the run with those models', async () => {
    const opening = await open({ job: 'run_1', model: ['compatible/Qwen/Qwen3', `${TUNED}:ckpt-step-80`] })
    expect(opening).toMatchObject({
      run: { id: 'run_1' },
      panes: [
        { providerId: 'compatible', model: 'Qwen/Qwen3' },
        { providerId: 'embedded', model: `${TUNED}:ckpt-step-80` },
      ],
    })
  })

  test('with an empty name, or one that is none, has a pane to be chosen', async () => {
    const { panes } = await open({ job: 'run_1', model: ['embedded/steady', '', 'embedded/'] })
    expect(panes).toMatchObject([{ model: 'steady' }, null, null])
  })

  test('offers no model that was deleted', async () => {
    await noteDeleted('embedded', TUNED)
    expect(await open({ job: 'run_1' })).toMatchObject({
      run: { id: 'run_1' },
      panes: [{ model: 'steady' }, null],
    })
    expect((await open({})).run).toBeNull()
    await studio().deleteFrom('deleted_models').execute()
  })

  test('with a run that is not here says so', async () => {
    await expect(open({ job: 'run_2' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
