import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

export interface Launched {
  id: string
  number: number
}

const runId = () =>
  `run_${Array.from({ length: 24 }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(Math.random() * 26)]).join('')}`

/** Starts a run on the shipped limericks through the studio's own address. */
export async function launchElle(
  page: Page,
  {
    nEpochs = 4,
    batchSize = 2,
    ...more
  }: { nEpochs?: number; batchSize?: number; [field: string]: unknown } = {},
): Promise<Launched> {
  return page.evaluate(
    async ({ id, more, nEpochs, batchSize }) => {
      const json = { 'content-type': 'application/json' }
      const sample = await fetch('/api/datasets/sample', { method: 'POST', headers: json })
      const { id: datasetId } = (await sample.json()) as { id: string }
      const body = JSON.stringify({
        id,
        providerId: 'embedded',
        model: 'limerick-base',
        training: { datasetId, split: 'train' },
        validation: { datasetId, split: 'heldout' },
        suffix: 'elle',
        seed: 38,
        hyperparameters: { nEpochs, batchSize, learningRateMultiplier: 'auto' },
        ...more,
      })
      const answer = await fetch('/api/jobs', { method: 'POST', headers: json, body })
      return (await answer.json()) as Launched
    },
    { id: runId(), more, nEpochs, batchSize },
  )
}

/** ms. The trainer yields to every other process: on a busy machine its seconds, and dozens of answers, take minutes. */
export const PATIENT = { timeout: 900_000 }

export const expectTrained = (page: Page): Promise<void> =>
  expect(page.getByText('The job has successfully completed').first()).toBeVisible(PATIENT)

/** Trains the shipped limericks to the end, and stays on the run's page. @returns the run's id */
export async function trainElle(page: Page, nEpochs = 4): Promise<string> {
  const { id } = await launchElle(page, { nEpochs })
  await page.goto(`/jobs/${id}`)
  await expectTrained(page)
  // The last event can be told a moment before the studio knows whose the new model is.
  const model = async () =>
    ((await (await page.request.get(`/api/jobs/${id}`)).json()) as { fineTunedModel: string | null })
      .fineTunedModel
  await expect.poll(model, PATIENT).toBeTruthy()
  return id
}
