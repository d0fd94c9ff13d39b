import { afterAll, expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'

const provider: TrainingProvider = await startTrainingProvider()
await setUpStudio(provider)

afterAll(async () => {
  await provider.close()
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
  const launch = (nEpochs: number | 'auto', beta: number | null = null) =>
    launchJob(
      jobDraft(datasetId, {
        providerId: 'compatible',
        model: 'small-1',
        hyperparameters: { nEpochs, batchSize: 'auto', learningRateMultiplier: 'auto' },
        beta,
      }),
    )
  await launch('auto')
  await launch(3, 0.3)
  expect(provider.creations.map(({ method }) => method)).toEqual([
    { type: 'dpo', dpo: { hyperparameters: {} } },
    { type: 'dpo', dpo: { hyperparameters: { n_epochs: 3, beta: 0.3 } } },
  ])
})
