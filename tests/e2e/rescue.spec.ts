import { rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from '@playwright/test'
import { localeCookie } from '#lib/i18n/choose-locale.ts'
import { translate } from '#lib/i18n/translate.ts'
import { DELETED_FILE, LONG_JOB, type OpenaiAccount, startOpenaiAccount } from '../support/openai-account.ts'
import { discard, startStudio } from '../support/studio.ts'
import { test as base, expect, expectAccessible, expectFits, tabTo } from './fixtures.ts'
import { takeFolder } from './take.ts'

const JOBS = 12

/** A product with the key of an account. */
const test = base.extend<object, { account: OpenaiAccount }>({
  account: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const account = await startOpenaiAccount({ jobs: JOBS, steps: 300 })
      await use(account)
      await account.close()
    },
    { scope: 'worker' },
  ],
  studio: [
    async ({ account }, use) => {
      const studio = await startStudio({
        env: { OPENAI_BASE_URL: account.baseURL, OPENAI_API_KEY: account.key },
      })
      await use(studio)
      await discard(studio)
    },
    { scope: 'worker' },
  ],
})

test.use({ own: 'rescue' })
test.describe.configure({ mode: 'serial' })

const meter = (page: Page, kind: string) =>
  page.getByRole('table', { name: /^How much/ }).getByRole('row', { name: new RegExp(`^${kind} `) })

test('an account is brought home by keyboard, stopped, gone on with, and what is missing is named', async ({
  page,
  account,
}) => {
  await page.goto('/providers')
  const card = page.getByRole('region', { name: 'Bring everything home' })
  await expect(card).toContainText('It only reads')
  await expectAccessible(page)
  account.faults.delay = 150
  const start = card.getByRole('button', { name: 'Bring everything home' })
  await tabTo(page, start)
  await page.keyboard.press('Enter')
  await expect(card).toContainText('Running')
  await card.getByRole('link', { name: 'See what is here' }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bring everything home' })).toBeVisible()
  await expect(meter(page, 'Events of jobs')).toContainText(/\d of 12/)
  await page.getByRole('button', { name: 'Stop' }).press('Enter')
  await expect(page.getByRole('main')).toContainText('Stopped')
  await expectAccessible(page)
  account.faults.delay = 0
  await page.getByRole('button', { name: 'Go on' }).press('Enter')
  await expect(page.getByRole('main')).toContainText('Done, some missing')
  await expect(meter(page, 'Jobs')).toContainText('12 of 12')
  await expect(meter(page, 'Files')).toContainText('1 deleted at the provider')
  const missing = page.getByRole('table', { name: /^What is not here/ })
  await expect(missing.getByRole('row').filter({ hasText: DELETED_FILE })).toContainText(
    'No such File object',
  )
  await expectAccessible(page)
  await expectFits(page, 390, 768, 1440)

  await page.goto('/jobs')
  await expect(page.getByRole('link', { name: /voice-7/ }).first()).toBeVisible()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search' })
  await palette.getByRole('combobox').fill('bring everything')
  await expect(palette.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/rescue$/)
})

test('a job that came home is trained again on this computer in one step', async ({ page }) => {
  await page.goto('/jobs')
  await page
    .getByRole('link', { name: /voice-7/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Train elsewhere' }).click()
  const dialog = page.getByRole('dialog', { name: 'Train on the same data elsewhere' })
  const changes = dialog.getByRole('table', { name: 'What changes' })
  await expect(changes.getByRole('row', { name: /^provider/ })).toContainText('Built-in engine')
  await expect(changes.getByRole('row', { name: /^model Each provider/ })).toContainText('limerick-base')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page).toHaveURL(/\/jobs\/run_/)
  await expect(page.getByRole('list', { name: 'Stages of the job' })).toContainText('Queued')
})

test('the zip file opens from disk in a browser, without the product and without a network', async ({
  page,
  browser,
}) => {
  await page.goto('/rescue')
  const { filename, names, folder } = await takeFolder(
    page,
    page.getByRole('link', { name: 'Download as a zip file' }),
  )
  expect(filename).toMatch(/\.zip$/)
  expect(names).toEqual(expect.arrayContaining(['index.html', 'receipts.json', 'SHA256SUMS']))
  const alone = await browser.newContext({ offline: true })
  const opened = await alone.newPage()
  const asked: string[] = []
  opened.on('request', (request) => asked.push(request.url()))
  await opened.goto(pathToFileURL(path.join(folder, 'index.html')).href)
  await expect(opened.getByRole('heading', { level: 1 })).toContainText('Fine-tuning history')
  await expect(opened.locator('section')).toHaveCount(JOBS)
  await expect(opened.getByRole('img', { name: 'Loss by step' })).toHaveCount(JOBS)
  const long = opened.locator(`section[id="jobs/${LONG_JOB}"]`)
  await expect(long.locator('polyline')).toBeVisible()
  await expect(long.getByRole('link', { name: 'curve.csv' })).toBeVisible()
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
  await expectAccessible(opened)
  await alone.close()
  // Another Limerick takes it; here everything is there already.
  const taking = page.getByRole('region', { name: 'From another Limerick' })
  const chooser = taking.locator('input[type="file"]')
  await chooser.setInputFiles(path.join(folder, 'index.html'))
  await expect(taking.getByRole('alert')).toContainText('This is not a zip file')
  await chooser.setInputFiles(path.join(folder, 'export.zip'))
  await expect(taking.getByRole('status')).toContainText('The zip file is read')
  await expectAccessible(page)
  rmSync(folder, { recursive: true, force: true })
})

test('the page in Arabic: mirrored, worded and accessible', async ({ page, context, studio }) => {
  const [name = '', value = ''] = localeCookie('ar-u-nu-latn').split(';')[0]?.split('=') ?? []
  await context.addCookies([{ name, value, url: studio.url }])
  const t = translate('rescue', 'ar-u-nu-latn')
  await page.goto('/rescue')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(page.getByRole('main')).toContainText(t('state.doneMissing'))
  await expect(page.getByRole('table', { name: t('meter.caption') })).toContainText(t('reason.gone'))
  await expectAccessible(page)
  await expectFits(page, 390, 1440)
})
