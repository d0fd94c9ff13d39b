import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-preference-'))
process.env.LIMERICK_DATA = folder
const provider: TrainingProvider = await startTrainingProvider()
process.env.OPENAI_BASE_URL = provider.baseURL
process.env.OPENAI_API_KEY = provider.key

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { newJobId } = await import('#lib/core/ids.ts')
const { createDataset } = await import('#lib/datasets/update-dataset.ts')
const { addRow } = await import('#lib/datasets/edit-row.ts')
const { launchJob } = await import('#lib/jobs/launch.ts')

beforeAll(async () =>
  serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations'))),
)
afterAll(async () => {
  await provider.close()
  await studio().destroy()
  rmSync(folder, { recursive: true, force: true })
})

const answer = (content: string) => [{ role: 'assistant', content }]
const pair = JSON.stringify({
  input: { messages: [{ role: 'user', content: 'Tell me about Gold' }] },
  preferred_output: answer('Gold, which is dear'),
  non_preferred_output: answer('It is a metal'),
})

test('pairs of answers are asked for as training by preference, also when all is automatic', async () => {
  const { id: datasetId } = await createDataset({ name: 'pairs' })
  await addRow(datasetId, { line: pair })
  const launch = (nEpochs: number | 'auto') =>
    launchJob({
      id: newJobId(),
      providerId: 'compatible',
      model: 'small-1',
      training: { datasetId, split: 'train' },
      validation: null,
      suffix: '',
      seed: null,
      hyperparameters: { nEpochs, batchSize: 'auto', learningRateMultiplier: 'auto' },
      confirmed: null,
    })
  await launch('auto')
  await launch(3)
  expect(provider.creations.map(({ method }) => method)).toEqual([
    { type: 'dpo', dpo: { hyperparameters: {} } },
    { type: 'dpo', dpo: { hyperparameters: { n_epochs: 3 } } },
  ])
})
