import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { slowDown } from '../support/studio.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import { expectTrained, PATIENT } from './train.ts'

// What the home page offers depends on what is there.
test.use({ own: 'journey' })
test.describe.configure({ mode: 'serial' })

test('the main job: from the shipped limericks to two different answers', async ({ page, studio }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: 'Change settings first' })).toHaveAttribute(
    'href',
    /\/jobs\/new/,
  )
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Train Elle' }).click()

  await expect(page).toHaveURL(/\/jobs\/run_/)
  const points = page.locator('path[data-line="train"]').first()
  await points.waitFor({ state: 'attached' })
  // Opened while the model is not made yet: nothing is asked of the base alone.
  const early = await page.context().newPage()
  const drawn = new Set<string>()
  const goOn = slowDown(studio.child(/worker\/main\.ts train/))
  await early.goto(page.url().replace('/jobs/', '/playground?job='))
  const run = early.getByRole('button', { name: /^Run/ })
  await expect(run).toBeDisabled()
  await expect(early.getByRole('combobox', { name: 'Model' })).toHaveCount(2)
  await expect
    .poll(async () => drawn.add((await points.getAttribute('d')) ?? '').size, {
      ...PATIENT,
      intervals: [100],
    })
    // The curve grows while it trains: it is seen at many lengths, not once at its end.
    .toBeGreaterThan(8)
    .finally(goOn)
  await expectTrained(page)
  await expect(page.getByText(/^Step 140\/140/).first()).toBeVisible()
  await expect(early.getByRole('article', { name: /^Fine-tuned ft:/ })).toBeVisible()
  await expect(run).toBeEnabled()
  await early.close()
  // The finish: base and fine-tuned answer a question that training never saw, without a click.
  const finish = page.getByRole('region', { name: 'A question that training never saw' })
  const before = finish.getByRole('region', { name: 'Base' })
  const after = finish.getByRole('region', { name: 'Fine-tuned' })
  for (const answer of [before, after]) await expect(answer).toHaveAttribute('aria-busy', 'false', PATIENT)
  await expect(after).toContainText(/\w{3}/)
  expect(await after.innerText()).not.toBe(await before.innerText())
  // An answer begins under its title: the letters of a verse hang before it.
  const edge = async (selector: string) => (await before.locator(selector).first().boundingBox())?.x
  expect(await edge('p.people-text')).toBe(await edge('h3'))
  await expectAccessible(page)
  // It is asked once: the answers are there again after a reload.
  const words = after.locator('.people-text')
  const said = await words.allInnerTexts()
  await page.reload()
  await expect(words).toHaveText(said, { useInnerText: true })
  await finish.getByRole('button', { name: 'Use it' }).click()
  await page.getByRole('menuitem', { name: 'Call it from code' }).click()
  await expect(page.getByRole('dialog')).toContainText('/v1')
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  await page
    .getByRole('link', { name: /^Compare/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/playground\?/)
  await expect(page.getByText('Matches training')).toBeVisible()
  await page.getByRole('button', { name: /^Run/ }).click()
  // Beside the base the model that scores best, once all have a score: that may be a checkpoint.
  const panes = page.getByRole('article', { name: /^(Base|Fine-tuned|Checkpoint)/ })
  await expect(panes).toHaveCount(2)
  for (const pane of await panes.all()) await expect(pane.getByText('Finished')).toBeVisible()
  const [base = '', tuned = ''] = await panes.allInnerTexts()
  expect(base).not.toBe(tuned)
  expect(base).toContain('limerick-base')
  expect(tuned).toMatch(/model \(as reported\)\s+ft:/)
  await expectAccessible(page)
})

test('a run that fails in validation says why, and leads to the line', async ({ page, studio }) => {
  const datasets = await ask<DatasetSummary[]>(studio, '/api/datasets')
  const broken = datasets.find(({ name }) => name === 'elle-broken')
  await page.goto(`/jobs/new?dataset=${broken?.id}`)
  await expect(page.getByRole('button', { name: /^Start training/ })).toBeDisabled()
  await page.getByRole('button', { name: 'Send it anyway' }).click()
  await expect(page).toHaveURL(/\/jobs\/run_/)
  await expect(
    page.getByText(/must have at least 10 examples|invalid training file|file format/i).first(),
  ).toBeVisible()
  await expectAccessible(page)
})
