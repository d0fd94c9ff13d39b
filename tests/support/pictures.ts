/**
 * Retakes the pictures of the README: starts the product on a folder of its own, trains Elle with everything left
 * automatic, asks one held-out question, and takes each page at 1440 × 900.
 * node --conditions=react-server tests/support/pictures.ts
 */
import { chromium, type Page } from '@playwright/test'
import { CHROMIUM_ARGS, chromiumPath } from './chromium.ts'
import { discard, startStudio } from './studio.ts'

const QUESTION = 'Tell me about Strontium'

const studio = await startStudio()
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })

async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"]'))
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
  await page.screenshot({ path: `docs/${name}.png` })
  console.log(`docs/${name}.png`)
}

async function job(page: Page): Promise<void> {
  await page.goto(`${studio.url}/jobs/new`)
  await page.getByRole('button', { name: /^Start training/ }).click()
  await page.waitForURL(/\/jobs\/run_/)
  await page.getByText('The job has successfully completed').first().waitFor({ timeout: 300_000 })
  await page
    .getByText(/^Best: step/)
    .first()
    .waitFor({ timeout: 300_000 })
  await picture(page, 'job')
}

async function playground(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /^Compare/ })
    .first()
    .click()
  await page.waitForURL(/\/playground/)
  await page.getByRole('textbox', { name: 'Prompt' }).fill(QUESTION)
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.getByText('5 of 5 parts').first().waitFor({ timeout: 60_000 })
  await picture(page, 'playground')
}

async function dataset(page: Page): Promise<void> {
  await page.goto(`${studio.url}/datasets`)
  await page.getByRole('link', { name: 'elle', exact: true }).click()
  await page.getByText('Tell me about', { exact: false }).nth(1).click()
  const tokens = page.getByRole('region', { name: 'What the model sees' })
  // The row's tokens appear shortly after the row.
  await tokens
    .getByText('Helium', { exact: true })
    .or(tokens.getByText(' Helium', { exact: true }))
    .first()
    .waitFor()
  await page.locator('.cm-content').waitFor()
  await picture(page, 'dataset')
}

try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  await job(page)
  await playground(page)
  await dataset(page)
} finally {
  await browser.close()
  await discard(studio)
}
