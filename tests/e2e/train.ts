import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

const runId = () =>
  `run_${Array.from({ length: 24 }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(Math.random() * 26)]).join('')}`

/** Trains the shipped limericks through the studio's own address, to the end. @returns the run's id */
export async function trainElle(page: Page, nEpochs = 4): Promise<string> {
  const id = runId()
  await page.evaluate(
    async ({ id, nEpochs }) => {
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
        hyperparameters: { nEpochs, batchSize: 2, learningRateMultiplier: 'auto' },
      })
      await fetch('/api/jobs', { method: 'POST', headers: json, body })
    },
    { id, nEpochs },
  )
  await page.goto(`/jobs/${id}`)
  await expect(page.getByText('The job has successfully completed').first()).toBeVisible({ timeout: 90_000 })
  return id
}
