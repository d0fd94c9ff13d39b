import { elleHeldOut, jsonlFile } from '../support/elle.ts'
import { limericks } from '../support/engine.ts'
import { expect, expectAccessible, expectFits, test } from './fixtures.ts'

const PAGES = [
  '/',
  '/datasets',
  '/jobs',
  '/jobs/new',
  '/playground',
  '/evals',
  '/evals/new',
  '/evals/record',
  '/models',
  '/providers',
  '/rescue',
  '/settings',
  '/help',
  '/help/lesson',
  '/help/rules',
  '/nowhere',
]

for (const path of PAGES) {
  test(`${path}: accessible in light and dark, wide and narrow`, async ({ page }) => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      await page.goto(path, { waitUntil: 'networkidle' }).catch(() => page.waitForLoadState('load'))
      await expect(page.getByRole('main')).toBeVisible()
      await expectAccessible(page)
      await expectFits(page)
    }
  })
}

test('a link says that its page is on its way while the engine is silent', async ({ page, studio }) => {
  await page.goto('/datasets')
  const engine = studio.child(/lib\/engine\/main\.ts/)
  process.kill(engine, 'SIGSTOP')
  const models = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Models/ })
  try {
    await models.click()
    await expect(models.getByRole('status')).toHaveText('Opening…')
  } finally {
    process.kill(engine, 'SIGCONT')
  }
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible()
  await expect(models.getByRole('status')).toHaveCount(0)
})

test('ten tabs open at once all stay live', async ({ context, studio }) => {
  const tabs = await Promise.all(Array.from({ length: 10 }, () => context.newPage()))
  for (const tab of tabs) await tab.goto(`${studio.url}/jobs`)
  const sdk = studio.sdk()
  // More than it could train on before it is cancelled.
  const text = `${limericks(500).join('\n')}\n`
  const file = await sdk.files.create({ file: await jsonlFile(text), purpose: 'fine-tune' })
  const validation = await sdk.files.create({ file: await jsonlFile(elleHeldOut()), purpose: 'fine-tune' })
  const job = await sdk.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: file.id,
    validation_file: validation.id,
    suffix: 'tentabs',
  })
  for (const tab of tabs) {
    await tab.bringToFront()
    await expect(tab.getByText('tentabs').first()).toBeVisible()
    await tab.getByRole('link', { name: 'Datasets' }).first().click()
    await expect(tab.getByText('elle-broken').first()).toBeVisible()
  }
  await sdk.fineTuning.jobs.cancel(job.id)
})
