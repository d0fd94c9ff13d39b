import type { Page } from '@playwright/test'
import type { Job } from '#lib/jobs/schema.ts'
import type { Studio } from '../support/studio.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import { launchElle, PATIENT } from './train.ts'

// What the list holds depends on what was trained.
test.use({ own: 'runs-compare' })
test.describe.configure({ mode: 'serial' })

const launch = (studio: Studio, suffix: string, nEpochs: number): Promise<Job> =>
  launchElle(studio, { suffix, nEpochs, batchSize: 5 })

const succeeded = (studio: Studio, { id }: Job) =>
  expect.poll(async () => (await ask<Job>(studio, `/api/jobs/${id}`)).status, PATIENT).toBe('succeeded')

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const names = async (page: Page) =>
  (await page.getByRole('table').getByRole('link').allInnerTexts()).map((text) => text.split(/\s/)[0])

test('the list by keyboard: filters, order, and what is new', async ({ page, studio }) => {
  await page.goto('/jobs')
  await expect(page.getByText(/^No jobs yet/)).toBeVisible()
  await expectAccessible(page)
  // The first run comes in by itself.
  const short = await launch(studio, 'short', 1)
  await expect(row(page, 'short')).toBeVisible()
  await succeeded(studio, short)
  const long = await launch(studio, 'long', 2)
  await succeeded(studio, long)
  await expect(row(page, 'long').getByText('Succeeded')).toBeVisible()
  await expect.poll(() => names(page)).toEqual(['long', 'short'])
  await expect(page.getByText('1–2 of 2')).toBeVisible()

  await page.getByRole('search').getByRole('button', { name: 'State' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitemcheckbox', { name: 'Succeeded 2' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/state=succeeded/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Job', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/sort=name/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('columnheader', { name: 'Job', exact: true })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await expect.poll(() => names(page)).toEqual(['short', 'long'])
  await page.reload()
  await expect.poll(() => names(page)).toEqual(['short', 'long'])

  // Here a new run would push away what is read: it is announced.
  await page.goto('/jobs?sort=name&provider=embedded')
  await launch(studio, 'other', 1)
  const shown = page.getByRole('button', { name: '1 new job · show' })
  await expect(shown).toBeVisible()
  await expect.poll(() => names(page)).toEqual(['long', 'short'])
  await shown.click()
  await expect(row(page, 'other')).toBeVisible()
  await expect.poll(() => names(page)).toEqual(['long', 'other', 'short'])
  await expect(shown).toHaveCount(0)

  await page.goto('/jobs?q=nothing-like-it')
  await expect(page.getByText('No jobs match these filters.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await expect(row(page, 'short')).toBeVisible()
})

test('runs laid over each other: hidden, alone, taken out', async ({ page, studio }) => {
  await page.goto('/jobs')
  for (const name of ['short', 'long']) {
    await page.getByRole('checkbox', { name: new RegExp(`^Select job ${name} `) }).focus()
    await page.keyboard.press('Space')
  }
  const tray = page.getByRole('region', { name: 'Selected jobs' })
  await expect(tray).toContainText('differ in epochs: 1 and 2')
  await expectAccessible(page)
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/jobs\/compare\?runs=run_\w+,run_\w+$/)

  const settings = page.getByRole('region', { name: 'Settings' }).first()
  await expect(settings.getByRole('row', { name: /^Epochs 1 2/ })).toBeVisible()
  await expect(settings.getByText('Batch size')).toHaveCount(0)
  await settings.getByRole('button', { name: 'All', exact: true }).click()
  await expect(settings.getByText('Batch size')).toBeVisible()
  await expect(page.getByText(/^The same rows as short/)).toBeVisible()
  const results = page.getByRole('region', { name: 'Results' })
  await expect(results.getByRole('row')).toHaveCount(3)
  await expectAccessible(page)

  const runs = page.getByRole('region', { name: 'Jobs', exact: true })
  // The chart's legend and labels name what is drawn.
  const drawn = page.getByText(/^[A-Z][a-z]? short \d+$/)
  await expect(drawn.first()).toBeVisible()
  await runs.getByRole('button', { name: /^Show only long/ }).press('Enter')
  await expect(drawn).toHaveCount(0)
  await expect(runs.getByRole('button', { name: /^Show short/ })).toBeVisible()
  await runs.getByRole('button', { name: /^Show only long/ }).press('Enter')
  await expect(drawn.first()).toBeVisible()

  const tile = runs.getByRole('listitem').filter({ hasText: 'long' }).locator('[dir=ltr]').first()
  const colour = await tile.getAttribute('style')
  await runs.getByRole('button', { name: /^Remove short/ }).press('Enter')
  await expect(page).toHaveURL(/runs=run_\w+$/)
  await expect(results.getByRole('row')).toHaveCount(2)
  expect(await tile.getAttribute('style')).toBe(colour)

  // A run that goes on is followed.
  const going = await launch(studio, 'going', 2)
  const [long] = await ask<Job[]>(studio, '/api/jobs').then((all) =>
    all.filter(({ suffix }) => suffix === 'long'),
  )
  await page.goto(`/jobs/compare?runs=${long?.id},${going.id}`)
  await expect(runs.getByRole('listitem').filter({ hasText: 'going' })).toContainText('Succeeded', PATIENT)
  await page.goto('/jobs/compare?runs=run_nowhere')
  await expect(page.getByText('There is no job with this id.')).toBeVisible()
  await expectAccessible(page)
})

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/jobs')
  await page.getByRole('button', { name: 'Filters and sorting' }).click()
  await page.getByRole('button', { name: /^Sort by/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Final' }).click()
  await expect(page).toHaveURL(/sort=loss/)
  await page.keyboard.press('Escape')
  await expectAccessible(page)
  const ids = await page
    .getByRole('listitem')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/').at(-1)))
  await page.goto(`/jobs/compare?runs=${ids.filter((id) => id?.startsWith('run_')).join(',')}`)
  await expect(page.getByRole('region', { name: 'Results' })).toBeVisible()
  await expectAccessible(page)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBe(390)
})
