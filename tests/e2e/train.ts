import type { Page } from '@playwright/test'
import { newJobId } from '#lib/core/ids.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { elleHeldOut, elleTraining } from '../support/elle.ts'
import type { Studio } from '../support/studio.ts'
import { ask } from './ask.ts'
import { expect } from './fixtures.ts'

const linesOf = (text: string): string[] => text.trimEnd().split('\n')

async function makeElle(studio: Studio, heldOut: number): Promise<string> {
  const { id } = await ask<DatasetSummary>(studio, '/api/datasets', { name: 'little elle' })
  const add = (line: string, split: string) => ask(studio, `/api/datasets/${id}/rows`, { line, split })
  for (const line of linesOf(elleTraining())) await add(line, 'train')
  for (const line of linesOf(elleHeldOut(heldOut))) await add(line, 'heldout')
  return id
}

const made = new WeakMap<Studio, Promise<string>>()

/** The ten shipped limericks and a few to hold out: of the whole sample a job's scores take a minute. */
function littleElle(studio: Studio, heldOut: number): Promise<string> {
  const known = made.get(studio) ?? makeElle(studio, heldOut)
  made.set(studio, known)
  return known
}

interface Launch {
  /** A base model; the shipped one if left out. */
  model?: string
  suffix?: string
  nEpochs?: number
  batchSize?: number
  /** Held-out rows of the studio's first launch: when a job has ended, its base and all checkpoints answer each. */
  heldOut?: number
}

/** Starts a run on shipped limericks, which really trains. */
export async function launchElle(
  studio: Studio,
  { model = 'limerick-base', suffix = 'elle', nEpochs = 4, batchSize = 2, heldOut = 2 }: Launch = {},
): Promise<Job> {
  const datasetId = await littleElle(studio, heldOut)
  return ask<Job>(studio, '/api/jobs', {
    ...{ id: newJobId(), providerId: 'embedded', model, suffix, seed: 38 },
    training: { datasetId, split: 'train' },
    validation: { datasetId, split: 'heldout' },
    hyperparameters: { nEpochs, batchSize, learningRateMultiplier: 'auto' },
  })
}

/** ms. The trainer yields to every other process: on a busy machine its seconds, and dozens of answers, take minutes. */
export const PATIENT = { timeout: 900_000 }

export const expectTrained = (page: Page): Promise<void> =>
  expect(page.getByText('The job has successfully completed').first()).toBeVisible(PATIENT)

/** Waits until the studio knows whose the new model is, a moment after the engine lists it. @returns its name */
export async function modelOf(studio: Studio, jobId: string): Promise<string> {
  const model = async () => (await ask<Job>(studio, `/api/jobs/${jobId}`)).fineTunedModel ?? ''
  await expect.poll(model, PATIENT).not.toBe('')
  return model()
}

/** Trains shipped limericks to the end, and stays on the run's page. @returns the run's id */
export async function trainElle(page: Page, studio: Studio, launch?: Launch): Promise<string> {
  const { id } = await launchElle(studio, launch)
  await page.goto(`/jobs/${id}`)
  await expectTrained(page)
  await modelOf(studio, id)
  return id
}
