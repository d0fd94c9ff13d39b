import type { Locator, Page } from '@playwright/test'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { translate } from '#lib/i18n/translate.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, expectFits, test } from './fixtures.ts'
import { launchElle } from './train.ts'

// A phone: fingers, and 390 px.
test.use({ own: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
test.describe.configure({ mode: 'serial' })

const tabs = (page: Page, locale: 'en' | 'ar-u-nu-latn' = 'en'): Locator =>
  page.getByRole('navigation', { name: translate('shell', locale)('mainNavigation') })

test('the engine is named on the first page, and wherever it trains', async ({ page, studio }) => {
  await page.goto('/')
  await expect(tabs(page)).toContainText('Engine ready')
  await page.goto('/datasets')
  await expect(tabs(page)).toContainText('Providers')
  await expect(tabs(page)).not.toContainText('Engine')

  const first = await launchElle(studio, { suffix: 'long', nEpochs: 50, batchSize: 1 })
  const second = await launchElle(studio, { suffix: 'later' })
  const line = tabs(page).getByRole('link', { name: /Training long/ })
  await expect(line).toContainText('1 waiting')
  await expectAccessible(page)
  await line.tap()
  await expect(page).toHaveURL(`${studio.url}/jobs/${first.id}`)
  for (const { id } of [second, first]) await ask(studio, `/api/jobs/${id}/cancel`, { keep: false })
  await expect(line).toHaveCount(0)
})

test('the logo leads home, and no field is small enough for a phone to zoom into', async ({
  page,
  studio,
}) => {
  const [dataset] = await ask<DatasetSummary[]>(studio, '/api/datasets')
  for (const path of [
    '/datasets',
    `/datasets/${dataset?.id}?row=1`,
    '/jobs',
    '/jobs/new',
    '/models',
    '/playground',
    '/evals/new',
    '/evals/record',
  ]) {
    await page.goto(path)
    await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0)
    const fields = page.locator('input, textarea, select, [contenteditable="true"]')
    const smallest = () =>
      fields.evaluateAll((all) =>
        Math.min(16, ...all.map((field) => Number.parseFloat(getComputedStyle(field).fontSize))),
      )
    // The editor makes its fields anew as it loads.
    await expect.poll(smallest, path).toBe(16)
  }
  await page.getByRole('link', { name: 'Home', exact: true }).filter({ visible: true }).first().tap()
  await expect(page).toHaveURL(`${studio.url}/`)
})

for (const locale of ['en', 'ar-u-nu-latn'] as const)
  test(`a word is explained by a tap, in ${locale}`, async ({ page, studio }) => {
    await page.context().addCookies([{ name: 'limerick-locale', value: locale, url: studio.url }])
    await page.goto('/jobs/new')
    const t = translate('terms', locale)
    const name = t('about', { names: t('name.epoch') })
    await page.getByRole('button', { name, exact: true }).tap()
    const explained = page.getByRole('dialog', { name })
    await expect(explained).toContainText(t('meaning.epoch'))
    await expectAccessible(page)
    await expectFits(page)
    await page.getByRole('heading', { level: 1 }).tap()
    await expect(explained).toHaveCount(0)
  })

test('an engine that hangs is named, and restarted by a tap', async ({ page, studio }) => {
  await page.goto('/datasets')
  const engine = studio.child(/lib\/engine\/main\.ts/)
  process.kill(engine, 'SIGSTOP')
  const restart = page.getByRole('button', { name: 'Restart the engine' })
  await expect(restart).toBeVisible()
  await expect(tabs(page)).toContainText('Engine offline')
  await restart.tap()
  await expect(restart).toHaveCount(0)
  await expect.poll(() => studio.output()).toContain('The built-in engine is restarted, as asked.')
  await page.goto('/')
  await expect(tabs(page)).toContainText('Engine ready')
})
