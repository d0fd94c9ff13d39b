import { fileURLToPath } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import { startHub, type TestHub } from '../support/hub.ts'
import { discard, startStudio } from '../support/studio.ts'
import { expect, expectAccessible, expectFits, tabTo, test as withStudio } from './fixtures.ts'
import { take } from './take.ts'
import { launchElle, modelOf } from './train.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const WEIGHTS = 'model.safetensors'

/** The first offer's address; the small hub serves a smaller model there. */
const REPO = 'HuggingFaceTB/SmolLM2-135M-Instruct'
const NAME = 'SmolLM2-135M-Instruct'

const test = withStudio.extend<object, { hub: TestHub }>({
  hub: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const models = { [REPO]: { folder: shipped }, 'owner/Closed': { folder: shipped, gated: true } }
      const hub = await startHub(models)
      await use(hub)
      await hub.close()
    },
    { scope: 'worker' },
  ],
  studio: [
    async ({ hub }, use) => {
      const studio = await startStudio({ env: { HF_ENDPOINT: hub.endpoint } })
      await use(studio)
      await discard(studio)
    },
    { scope: 'worker' },
  ],
})

const library = (page: Page): Locator => page.getByRole('region', { name: 'Added models' })
const dialog = (page: Page): Locator => page.getByRole('dialog')

async function openDialog(page: Page): Promise<void> {
  await page.goto('/models')
  await tabTo(page, page.getByRole('button', { name: 'Add a model' }))
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('radio')).toHaveCount(8)
  await expect(dialog(page).getByRole('radio', { checked: true })).toBeFocused()
}

const next = (page: Page) => dialog(page).getByRole('button', { name: 'Continue' }).press('Enter')

test('a model of the hub: chosen, downloaded, trained, compared with its base, exported', async ({
  page,
  studio,
  hub,
}) => {
  await openDialog(page)
  await expectAccessible(page)
  await expect(dialog(page).getByRole('radio', { name: NAME })).toBeChecked()
  await next(page)
  await expect(dialog(page).getByRole('heading', { name: `Add ${NAME}` })).toBeVisible()
  await expect(dialog(page)).toContainText('apache-2.0')
  await expectAccessible(page)

  hub.faults.set(WEIGHTS, { kind: 'silent', after: 4_000_000 })
  await dialog(page).getByRole('button', { name: 'Download' }).press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  await expect(library(page)).toContainText(/4\.\d MB of 10\.\d MB/)
  await expect(library(page).getByRole('progressbar')).toBeVisible()
  await library(page)
    .getByRole('button', { name: `Pause the download of ${NAME}` })
    .press('Enter')
  await expect(library(page)).toContainText('Paused')
  hub.faults.set(WEIGHTS, { kind: 'damaged' })
  await library(page)
    .getByRole('button', { name: `Resume the download of ${NAME}` })
    .press('Enter')
  await expect(library(page).getByRole('alert')).toContainText('checksum')
  await expectAccessible(page)
  hub.faults.clear()
  await library(page)
    .getByRole('button', { name: `Try again to download ${NAME}` })
    .press('Enter')
  await expect(page.getByText(`${NAME} is ready to train.`)).toBeVisible()
  const models = page.getByRole('region', { name: 'Models', exact: true })
  await expect(models.getByRole('row').filter({ hasText: NAME })).toBeVisible()
  await expect(library(page)).toContainText('apache-2.0')
  const train = library(page).getByRole('link', { name: `Train ${NAME}` })
  await expect(train).toHaveAttribute('href', `/jobs/new?model=${NAME}`)

  const { id } = await launchElle(studio, { model: NAME, nEpochs: 2, batchSize: 5 })
  await modelOf(studio, id)
  await page.reload()
  await models.getByRole('link', { name: /^Compare elle · job \d+$/ }).press('Enter')
  await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter')
  const answers = page.getByRole('region', { name: 'Answers' }).getByRole('article')
  await expect(answers).toHaveCount(2)
  for (const answer of await answers.all())
    await expect(answer.getByText('Finished', { exact: true })).toBeVisible()
  await expect(answers.first()).toContainText(NAME)

  await page.goto('/models')
  await models.getByRole('button', { name: /^More for elle · job \d+$/ }).press('Enter')
  await page.getByRole('menuitem', { name: 'Export' }).press('Enter')
  const { names } = await take(page, dialog(page).getByRole('link', { name: 'Download GGUF, 8-bit' }))
  expect(names).toContain('Modelfile')
  await page.keyboard.press('Escape')

  await library(page)
    .getByRole('button', { name: `Remove ${NAME}` })
    .press('Enter')
  await page.getByRole('button', { name: 'Remove model' }).press('Enter')
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(library(page)).toHaveCount(0)
})

test('what cannot be added says why: a name, a licence, a folder', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openDialog(page)
  await dialog(page)
    .getByRole('radio', { name: /Hugging Face/ })
    .press(' ')
  const hubField = dialog(page).getByRole('textbox', { name: /owner/ })
  await hubField.fill('gpt2')
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByText('Write it as owner/name', { exact: false })).toBeVisible()
  await hubField.fill('owner/nothing')
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('alert')).toContainText('has no model owner/nothing')
  await expectAccessible(page)
  await hubField.fill('owner/Closed')
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('status')).toContainText('accept, set HF_TOKEN')
  await expect(dialog(page).getByRole('button', { name: 'Download' })).toHaveCount(0)
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Back' }).press('Enter')
  await expect(hubField).toHaveValue('owner/Closed')
  await tabTo(page, dialog(page).getByRole('radio', { name: /Hugging Face/ }))
  await page.keyboard.press('ArrowDown')
  await expect(dialog(page).getByRole('radio', { name: /folder/ })).toBeChecked()
  await dialog(page)
    .getByRole('textbox', { name: /folder/ })
    .fill(shipped)
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('heading', { name: 'Add base' })).toBeVisible()
  await dialog(page).getByRole('button', { name: 'Add model' }).press('Enter')
  await expect(library(page)).toContainText(shipped)
  await expectFits(page)
  await expectAccessible(page)
})
