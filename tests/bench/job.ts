/** Ten limericks from upload to succeeded, and the time from "running" to the first loss on the screen, in Chromium. */
import { setTimeout as wait } from 'node:timers/promises'
import { chromium } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from '../support/chromium.ts'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, startStudio } from '../support/studio.ts'
import { inMs } from './figures.ts'

const studio = await startStudio()
const sdk = studio.sdk()

async function trainOnce(): Promise<number> {
  const began = performance.now()
  const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
  const { id } = await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: file.id })
  for (;;) {
    const { status } = await sdk.fineTuning.jobs.retrieve(id)
    if (status === 'succeeded') return performance.now() - began
    if (status === 'failed') throw new Error('the job failed')
    await wait(50)
  }
}

for (let round = 1; round <= 3; round++)
  console.log(`upload → succeeded, round ${round}: ${inMs(await trainOnce())}`)

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
const page = await browser.newPage()
for (let round = 1; round <= 3; round++) {
  await page.goto(`${studio.url}/jobs/new`)
  await page.getByRole('button', { name: /^Start training/ }).click()
  await page.waitForURL(/\/jobs\/run_/)
  await page.locator('.recharts-line path').first().waitFor({ state: 'attached', timeout: 60_000 })
  const shown = Date.now()
  const jobs = (await (await fetch(`${studio.url}/api${new URL(page.url()).pathname}`)).json()) as {
    states: { status: string; at: number }[]
  }
  const running = jobs.states.find(({ status }) => status === 'running')?.at ?? Number.NaN
  console.log(`running → first loss on the screen, round ${round}: ${inMs(shown - running)}`)
  await page.getByText('The job has successfully completed').first().waitFor({ timeout: 120_000 })
}
await browser.close()
await discard(studio)
