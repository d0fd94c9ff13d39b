import type { Page, Request } from '@playwright/test'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import { ask } from './ask.ts'
import { expect, expectFits, expectNoViolations, test } from './fixtures.ts'
import { launchElle } from './train.ts'

test.use({ own: 'opening' })

/** The request of the router for a page that is opened now, not for one that may be. */
const isForPage = async (request: Request): Promise<boolean> => {
  const headers = await request.allHeaders()
  return headers.rsc === '1' && headers['next-router-prefetch'] === undefined
}

/** Keeps the pages that are opened from now on until it is called. */
async function holdPages(page: Page): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/*', async (route) => {
    if (await isForPage(route.request())) await promise
    await route.continue()
  })
  return async () => {
    resolve()
    await page.unrouteAll({ behavior: 'wait' })
  }
}

/** Opens a page as a link, a key or the search does. */
const open = (page: Page, path: string): Promise<void> =>
  page.evaluate((address) => {
    const { next } = window as unknown as { next: { router: { push(address: string): void } } }
    next.router.push(address)
  }, path)

test('every page shows its outline until it arrives, and logs no error', async ({ page, studio }) => {
  const job = await launchElle(studio)
  const [dataset] = await ask<DatasetSummary[]>(studio, '/api/datasets')
  const evaluation = await ask<{ id: string }>(studio, '/api/evals', {
    ...{ id: newEvalId(), datasetId: job.datasetId, rows: 1, graders: [{ kind: 'exact' }] },
    columns: [{ providerId: 'embedded', model: job.model }],
  })
  const pages: [path: string, shape: string][] = [
    ['/datasets', 'Datasets'],
    [`/datasets/${dataset?.id}`, 'Datasets'],
    [`/datasets/${dataset?.id}/versions`, 'Datasets'],
    ['/jobs', 'Jobs'],
    ['/jobs/new', 'Jobs'],
    [`/jobs/${job.id}`, 'Jobs'],
    [`/jobs/${job.id}/report`, 'Jobs'],
    ['/jobs/compare', 'Jobs'],
    ['/playground', 'Playground'],
    ['/evals', 'Evals'],
    ['/evals/new', 'Evals'],
    ['/evals/record', 'Evals'],
    [`/evals/${evaluation.id}`, 'Evals'],
    ['/models', 'Models'],
    ['/providers', 'Providers'],
    ['/rescue', 'Opening…'],
    ['/settings', 'Opening…'],
    ['/help', 'Opening…'],
    ['/help/lesson', 'Opening…'],
    ['/', 'Home'],
  ]
  await page.goto('/nowhere').catch(() => page.waitForLoadState('load'))
  for (const [path, section] of pages) {
    const release = await holdPages(page)
    await open(page, path)
    const outline = page.locator(`[data-opening="${path}"]`)
    await expect(outline, path).toBeVisible()
    await expect(outline.getByRole('status')).toHaveText('Opening…')
    await expect(outline.getByRole('navigation')).toContainText(section)
    await release()
    await expect(outline).toHaveCount(0)
    await expect(page).toHaveURL((url) => url.pathname === path)
    await expect(page.getByRole('main')).toBeVisible()
    // As a document too: what the server drew is what the browser draws.
    await page.goto(path)
  }
})

test('the outline is accessible, keeps the keys of the hidden page, and another page may be chosen meanwhile', async ({
  page,
}) => {
  await page.goto('/jobs')
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 })
    const release = await holdPages(page)
    for (const path of ['/datasets/data_x', '/jobs/new', '/playground', '/models', '/providers']) {
      await open(page, path)
      await expect(page.locator(`[data-opening="${path}"]`)).toBeVisible()
      await expectNoViolations(page)
      await expectFits(page)
    }
    // A key of the list, which is covered.
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox', { includeHidden: true })).not.toBeFocused()
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await expect(page.locator('[data-opening="/evals"]')).toBeVisible()
    await release()
    await expect(page.getByRole('heading', { name: 'Evals', level: 1 })).toBeVisible()
    await expect(page.locator('[data-opening]')).toHaveCount(0)
    await page.goto('/jobs')
  }
})

test('a page does not wait for a provider that is silent', async ({ page, studio }) => {
  await page.goto('/datasets')
  const engine = studio.child(/lib\/engine\/main\.ts/)
  process.kill(engine, 'SIGSTOP')
  try {
    await page.goto('/providers')
    await expect(page.getByRole('heading', { name: 'Providers', level: 1 })).toBeVisible()
  } finally {
    process.kill(engine, 'SIGCONT')
  }
  await expect(page.getByText('Online').first()).toBeVisible()
})
