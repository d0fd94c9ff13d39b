import type { Page } from '@playwright/test'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { translate } from '#lib/i18n/translate.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, expectFits, tabTo, test } from './fixtures.ts'
import { expectTrained, launchElle, PATIENT } from './train.ts'

test.use({ own: 'arabic' })

const [ENGLISH, ARABIC] = ['en', 'ar-u-nu-latn'] as const
const preferences = {
  en: translate('language', ENGLISH)('preferences'),
  ar: translate('language', ARABIC)('preferences'),
}

const html = (page: Page) => page.locator('html')

/** Opens the menu of the shell by keyboard and chooses one of its entries. */
async function choose(page: Page, menu: string, entry: string): Promise<void> {
  const button = page.getByRole('button', { name: menu }).filter({ visible: true })
  await tabTo(page, button)
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitemradio', { name: entry })
  await expect(item).toBeVisible()
  for (let presses = 0; presses < 12; presses++) {
    if ((await item.getAttribute('data-highlighted')) !== null) break
    await page.keyboard.press('ArrowDown')
  }
  await expect(item).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Enter')
  await expect(item).toHaveCount(0)
}

async function expectArabic(page: Page): Promise<void> {
  await expect(html(page)).toHaveAttribute('lang', 'ar')
  await expect(html(page)).toHaveAttribute('dir', 'rtl')
}

test('Arabic is chosen by keyboard, kept, mirrored and accessible; time still runs to the right', async ({
  page,
  studio,
}) => {
  const { id } = await launchElle(studio)
  await page.goto(`/jobs/${id}`)
  await expectTrained(page)

  await choose(page, preferences.en, 'العربية')
  await expectArabic(page)
  await page.reload()
  await expectArabic(page)

  const plot = page.getByRole('slider')
  await expect(plot).toBeVisible(PATIENT)
  const line = page.locator('[dir="ltr"] .w-px').first()
  // A key that comes before the curve does has nothing to move along.
  await expect(async () => {
    await plot.press('Home')
    await expect(plot).toHaveAttribute('aria-valuenow', '1', { timeout: 1_000 })
  }).toPass(PATIENT)
  const first = await line.boundingBox()
  await page.keyboard.press('ArrowRight')
  await expect(plot).toHaveAttribute('aria-valuenow', '2')
  await page.keyboard.press('End')
  await expect(plot).toHaveAttribute('aria-valuenow', '20')
  const last = await line.boundingBox()
  expect(last?.x).toBeGreaterThan(first?.x ?? Number.POSITIVE_INFINITY)
  await expectAccessible(page)
  await expectFits(page)

  const main = await page.getByRole('main').boundingBox()
  const navigation = await page
    .getByRole('navigation', { name: translate('shell', ARABIC)('mainNavigation') })
    .filter({ visible: true })
    .boundingBox()
  expect(navigation?.x).toBeGreaterThan(main?.x ?? Number.POSITIVE_INFINITY)

  const datasets = await ask<DatasetSummary[]>(studio, '/api/datasets')
  const sample = datasets.find(({ name }) => name === 'elle-arabic')
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    for (const path of [
      '/',
      '/datasets',
      `/datasets/${sample?.id}`,
      `/jobs/${id}`,
      `/jobs/${id}/report`,
      '/playground',
      '/evals/record',
      '/settings',
      '/help',
      '/help/lesson',
      '/help/backup',
    ]) {
      await page.goto(path)
      await expectArabic(page)
      await expect(page.getByRole('main')).toBeVisible()
      await expectAccessible(page)
      await expectFits(page)
    }
  }

  // On a phone the menu stands on the first page, where the logo leads.
  await page.goto('/datasets')
  await page
    .getByRole('link', { name: translate('shell', ARABIC)('home'), exact: true })
    .filter({ visible: true })
    .first()
    .click()
  await expect(page).toHaveURL((url) => url.pathname === '/')
  await choose(page, preferences.ar, 'English')
  await expect(html(page)).toHaveAttribute('lang', 'en')
  await expect(html(page)).toHaveAttribute('dir', 'ltr')
})

test.describe('a browser that prefers Arabic', () => {
  test.use({ locale: 'ar-EG' })

  test('gets it with the first bytes, in Latin digits until others are chosen', async ({ page }) => {
    const answer = await page.goto('/datasets')
    expect(await answer?.text()).toMatch(/<html lang="ar" dir="rtl"/)
    await expectArabic(page)
    expect(await page.title()).toContain(translate('datasets', ARABIC)('title'))
    const figures = page.getByRole('cell', { name: /\d/ })
    await expect(figures.first()).toBeVisible()
    await expect(page.getByRole('cell', { name: /[٠-٩]/ })).toHaveCount(0)

    await choose(page, preferences.ar, '١٢٣')
    await expect(page.getByRole('cell', { name: /[٠-٩]/ }).first()).toBeVisible()
    await expectArabic(page)
    await choose(page, preferences.ar, '123')
    await expect(page.getByRole('cell', { name: /[٠-٩]/ })).toHaveCount(0)
  })
})
