/** Azure OpenAI: its key, its two surfaces, its states and names, and models that answer by deployment. */
import { AzureOpenAI } from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { curvePoints } from '#lib/jobs/get-series.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { clientOfModel } from '#lib/models/model-client.ts'
import { askOnce } from '#lib/playground/ask.ts'
import { adapterOf } from '#lib/providers/adapters/of.ts'
import { azureAddress } from '#lib/providers/azure-address.ts'
import { catalogOf } from '#lib/providers/catalog.ts'
import { client } from '#lib/providers/client.ts'
import { nameDeployment } from '#lib/providers/connections.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { AZURE_BASE, AZURE_KEY, type AzureServer, ENTRA_TOKEN, startAzure } from '../support/azure-server.ts'
import { connect, filesWith, sync } from '../support/connected.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'

const folder = await setUpStudio()
const { id: datasetId } = await loadSample()
let server: AzureServer

beforeAll(async () => {
  server = await startAzure()
})
afterAll(() => server.close())
beforeEach(async () => {
  await studio().deleteFrom('jobs').execute()
  await studio().deleteFrom('connections').execute()
  server.creations.length = 0
  server.seen.length = 0
  server.deployments.clear()
})

const surfaces = ['v1', 'classic'] as const

describe.each(surfaces)('the %s surface', (surface) => {
  let providerId: ProviderId
  beforeEach(async () => {
    providerId = await connect('azure', server[surface], AZURE_KEY)
  })
  const draft = (more = {}) =>
    jobDraft(datasetId, { providerId, model: AZURE_BASE, suffix: 'poems', ...more })

  test('trains a job from its first state to its curve', async () => {
    const job = await launchJob(draft({ tier: 'developerTier' }))
    expect(job).toMatchObject({ launch: 'known', status: 'queued' })
    expect(server.creations[0]).toMatchObject({ model: AZURE_BASE, trainingType: 'developerTier' })
    await sync(job.id)
    const waiting = await getJob(job.id)
    expect(waiting.providerRaw).toMatchObject({ status: 'pending' })
    expect(waiting.hyperparameters).toMatchObject({
      nEpochs: null,
      auto: expect.arrayContaining(['nEpochs']),
    })
    const model = server.finish(job.remoteId ?? '')
    await sync(job.id)
    expect(await getJob(job.id)).toMatchObject({
      status: 'succeeded',
      fineTunedModel: model,
      trainedTokens: 42,
    })
    const points = await curvePoints(job.id)
    expect(points.map(({ step, trainLoss, fullValidLoss }) => [step, trainLoss, fullValidLoss])).toEqual([
      [1, 1.5, null],
      [2, 0.5, 0.6],
    ])
    const { models } = await catalogOf(providerId)
    expect(models.find(({ id }) => id === model)).toMatchObject({ kind: 'fine-tuned', trainable: true })
  })

  test('sends no tier that was not chosen', async () => {
    await launchJob(draft())
    expect(server.creations[0]).not.toHaveProperty('trainingType')
  })

  test('sends the key in its own header alone, and keeps it in no file', async () => {
    await catalogOf(providerId)
    expect(server.seen.length).toBeGreaterThan(0)
    for (const { headers } of server.seen)
      expect([headers.get('api-key'), headers.get('authorization')]).toEqual([AZURE_KEY, null])
    expect(await filesWith(folder, AZURE_KEY)).toEqual([])
  })

  test('answers under the name of a deployment, and says what is missing without one', async () => {
    const ask = () =>
      askOnce(
        {
          ...{ providerId, model: `${AZURE_BASE}.ft-0e208c`, messages: [{ role: 'user', content: 'Neon?' }] },
          sampling: { temperature: null, topP: null, maxTokens: 50, seed: null },
        },
        'compare',
        new AbortController().signal,
      )
    const refused = await ask()
    expect(refused.error?.message).toMatch(
      /does not exist\. At this provider a model answers only once it is deployed/,
    )
    server.deployments.add('elle')
    await nameDeployment(providerId, { model: `${AZURE_BASE}.ft-0e208c`, name: 'elle' })
    expect(clientOfModel({ providerId, model: `${AZURE_BASE}.ft-0e208c` }).model).toBe('elle')
    expect(await ask()).toMatchObject({ state: 'finished', text: 'Neon glows.' })
    await nameDeployment(providerId, { model: `${AZURE_BASE}.ft-0e208c`, name: '' })
    expect((await ask()).state).toBe('failed')
  })

  test('refuses with Azure’s own words', async () => {
    await expect(launchJob(draft({ model: 'gpt-4o-mini-2024-07-18' }))).rejects.toThrow(
      /does not support fine-tuning/,
    )
    await expect(client(providerId).files.retrieve('file-none')).rejects.toMatchObject({
      ...{ status: 404, code: 'resourceNotFound' },
    })
  })
})

test('the catalogue knows what is trained how long, and what chats', async () => {
  const { models } = await catalogOf(await connect('azure', server.v1, AZURE_KEY))
  expect(
    models.map(({ id, trainable, shutdownDate, context }) => [id, trainable, shutdownDate, context]),
  ).toEqual(
    expect.arrayContaining([
      [AZURE_BASE, true, '2027-10-14', 65_536],
      ['gpt-35-turbo-0613', false, '2024-03-09', null],
    ]),
  )
  expect(models.map(({ id }) => id)).not.toContain('text-embedding-3-small')
})

test.each(surfaces)('an Entra token goes where a token belongs, on the %s surface', async (surface) => {
  await catalogOf(await connect('azure', server[surface], ENTRA_TOKEN))
  const [{ headers }] = server.seen as [(typeof server.seen)[number]]
  expect([headers.get('api-key'), headers.get('authorization')]).toEqual([null, `Bearer ${ENTRA_TOKEN}`])
})

test('the server is one that Azure’s own class accepts', async () => {
  const azure = new AzureOpenAI({
    endpoint: server.origin,
    apiKey: AZURE_KEY,
    apiVersion: '2024-10-21',
    maxRetries: 0,
  })
  expect((await azure.models.list()).data.length).toBeGreaterThan(1)
  server.deployments.add('elle')
  const chat = await azure.chat.completions.create({
    ...{ model: 'elle', stream: true, messages: [{ role: 'user', content: 'Neon?' }] },
  })
  let text = ''
  for await (const { choices } of chat) text += choices[0]?.delta.content ?? ''
  expect(text).toBe('Neon glows.')
})

test('/v1 asks a deployment where each surface has it', () => {
  const { answersAt } = adapterOf('azure')
  const chat = '/chat/completions'
  expect(answersAt('https://me/openai/v1', chat, 'elle', null)).toBe('https://me/openai/v1/chat/completions')
  expect(answersAt('https://me/openai', chat, 'my elle', '2024-10-21')).toBe(
    'https://me/openai/deployments/my%20elle/chat/completions?api-version=2024-10-21',
  )
})

describe('an address', () => {
  test.each([
    ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1'],
    ['https://me.openai.azure.com/openai/v1/', 'https://me.openai.azure.com/openai/v1'],
    [
      'https://me.services.ai.azure.com/api/projects/p',
      'https://me.services.ai.azure.com/api/projects/p/openai/v1',
    ],
    [
      'https://me.services.ai.azure.com/api/projects/openai-tuning/',
      'https://me.services.ai.azure.com/api/projects/openai-tuning/openai/v1',
    ],
    [
      'https://me.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21',
      'https://me.openai.azure.com/openai?api-version=2024-10-21',
    ],
    [
      'https://me.openai.azure.com/?api-version=2025-04-01-preview',
      'https://me.openai.azure.com/openai?api-version=2025-04-01-preview',
    ],
    ['https://me.openai.azure.com/?key=1', null],
    ['https://me.openai.azure.com/?api-version=1&key=2', null],
    ['https://me:secret@me.openai.azure.com', null],
    ['here', null],
  ])('%s', (address, expected) => expect(azureAddress(address)).toBe(expected))
})
