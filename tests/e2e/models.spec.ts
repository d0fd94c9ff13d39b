import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectFits, test } from './fixtures.ts'
import { launchElle, modelOf } from './train.ts'

// What can be asked depends on what was trained.
test.use({ own: 'models' })
test.describe.configure({ mode: 'serial' })

const aliases = (page: Page) => page.getByRole('region', { name: 'Aliases' })
const models = (page: Page) => page.getByRole('region', { name: 'Models', exact: true })

/** Chooses in the dialog's list of models by typing an id; shown is what people call it. */
async function choose(page: Page, model: string, shown: string | RegExp = model): Promise<void> {
  await page
    .getByRole('combobox', { name: 'Model' })
    .or(page.getByRole('button', { name: /^Model/ }))
    .focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type(model)
  // The base stands before its fine-tunes.
  await expect(page.getByRole('option').first()).toContainText(shown)
  await page.keyboard.press('Enter')
}

test('a name for programs: made, pointed elsewhere, rolled back, asked from code, all by keyboard', async ({
  page,
  studio,
}) => {
  const { id } = await launchElle(studio, { nEpochs: 1, batchSize: 5 })
  const tuned = await modelOf(studio, id)
  await page.goto('/models')
  await expect(models(page).getByRole('row').filter({ hasText: 'Job elle' })).toHaveCount(1)
  await expect(models(page).getByRole('link', { name: /^Job elle/ })).toHaveAttribute('href', /\/jobs\/run_/)

  await page.getByRole('button', { name: 'New alias' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).focus()
  await page.keyboard.type('Elle!')
  await page.keyboard.press('Enter')
  await expect(
    dialog.getByText('lowercase letters, digits, hyphens and dots.', { exact: false }),
  ).toHaveCount(2)
  await expect(dialog.getByText('Choose the model that answers.')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('textbox', { name: 'Name' }).fill('elle')
  await choose(page, 'limerick-base')
  await dialog.getByRole('textbox', { name: /^Why/ }).fill('the beginning')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(aliases(page)).toContainText('the beginning')
  await expect(page.getByRole('button', { name: 'Roll back' })).toBeDisabled()

  const more = page.getByRole('button', { name: 'More for elle', exact: true })
  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Change model' }).press('Enter')
  await choose(page, tuned, /^elle · job \d+/)
  await dialog.getByRole('textbox', { name: /^Why/ }).fill('knows limericks')
  await page.keyboard.press('Enter')
  await expect(aliases(page)).toContainText('knows limericks')
  await expect(models(page).getByRole('row').filter({ hasText: 'Job elle' })).toContainText('→elle')
  const { model } = await studio.sdk().chat.completions.create({
    model: 'elle',
    max_tokens: 4,
    messages: [{ role: 'user', content: 'Tell me about Neon' }],
  })
  expect(model).toBe(tuned)
  // The button that had the keyboard tells its name in a tooltip.
  await page.getByRole('searchbox').focus()
  await expectAccessible(page)

  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Use from code' }).press('Enter')
  const code = dialog.getByRole('figure', { name: /^Example in/ })
  await expect(code).toContainText('"model": "elle"')
  await expect(code).toContainText('$LIMERICK_KEY')
  await expect(code).toContainText('Elle is a factual chatbot')
  for (const language of ['Python', 'TypeScript']) {
    await dialog.getByRole('button', { name: language }).press('Enter')
    await expect(code).toContainText('Elle is a factual chatbot')
    await expect(code).not.toContainText(studio.key())
  }
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Roll back' }).press('Enter')
  await expect(page.getByText('elle points to limerick-base again.')).toBeVisible()
  await expect(aliases(page)).toContainText('limerick-base')
  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'History' }).press('Enter')
  await expect(dialog.getByRole('row')).toHaveCount(4)
  await expect(dialog.getByRole('row').nth(1)).toContainText('rolled back')
  await expectAccessible(page)
})

test('a model is found, and deleted only when no name leads there', async ({ page }) => {
  await page.goto('/models')
  await page.getByRole('searchbox').fill('elle')
  await expect(models(page).getByText(/^\d+ of \d+$/)).toBeVisible()
  const more = models(page)
    .getByRole('button', { name: /^More for elle · job \d+$/ })
    .first()
  await more.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  await expect(page.getByRole('alertdialog')).toContainText('only training can make them again')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete model' }).press('Enter')
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await page.getByRole('searchbox').fill('nothing is called that')
  await page.getByRole('button', { name: 'Clear search' }).press('Enter')
  await expect(models(page).getByRole('row').filter({ hasText: 'limerick-base' })).toBeVisible()
})

test('checkpoints stand under their job, and several go at once', async ({ page, studio }) => {
  const { id, number } = await launchElle(studio, { suffix: 'exp', nEpochs: 3, batchSize: 5 })
  await modelOf(studio, id)
  await page.goto('/models')
  const rows = models(page)
    .getByRole('row')
    .filter({ hasText: `exp · job ${number}` })
  await expect(rows).toHaveCount(1)
  await expect(rows.first()).toContainText(/\d MB|\d kB/)
  const fold = rows.first().getByRole('button', { name: /^exp · job \d+: 2 checkpoints$/ })
  await fold.press('Enter')
  await expect(rows).toHaveCount(3)
  await fold.press('Enter')
  await expect(rows).toHaveCount(1)
  const kind = page.getByRole('combobox', { name: 'Kind of model' })
  await kind.click()
  await page.getByRole('option', { name: 'Checkpoint' }).click()
  await expect(rows).toHaveCount(2)
  await kind.click()
  await page.getByRole('option', { name: 'Any kind' }).click()
  await fold.press('Enter')
  await expect(rows).toHaveCount(3)
  await expectAccessible(page)
  for (const row of [1, 2]) await rows.nth(row).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Delete 2 models' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question.getByRole('listitem')).toHaveCount(2)
  await expect(question).toContainText(/This frees [\d.]+ (MB|kB)\./)
  await expectAccessible(page)
  await question.getByRole('button', { name: 'Delete 2 models' }).press('Enter')
  await expect(question).toHaveCount(0)
  await expect(rows).toHaveCount(1)
  await expect(fold).toHaveCount(0)
  await expectFits(page, 390)
})

test('a program’s key: made, shown once, revoked', async ({ page, studio }) => {
  await page.goto('/models')
  await page.getByRole('button', { name: 'New API key' }).press('Enter')
  await page.getByRole('textbox', { name: 'App' }).fill('مدرسة')
  await page.keyboard.press('Enter')
  const shown = page.getByRole('figure', { name: 'The new key' })
  await expect(shown).toContainText('lk-')
  const key = await shown.innerText()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Done' }).press('Enter')
  expect(await page.content()).not.toContain(key)
  const ask = () =>
    fetch(`http://127.0.0.1:${studio.port}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  expect((await ask()).status).toBe(200)
  await page.getByRole('button', { name: 'Revoke the key of مدرسة' }).press('Enter')
  await page.getByRole('button', { name: 'Revoke key', exact: true }).press('Enter')
  await expect(page.getByRole('row').filter({ hasText: 'مدرسة' })).toContainText('Revoked')
  expect((await ask()).status).toBe(401)
})

test('fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/models')
  await expect(aliases(page)).toContainText('elle')
  await expectFits(page)
  await expectAccessible(page)
})
