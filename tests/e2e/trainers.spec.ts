import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { translate } from '#lib/i18n/translate.ts'
import { fakeGpu, fakePython } from '../support/fake-python.ts'
import { discard, startStudio } from '../support/studio.ts'
import { expect, expectAccessible, expectFits, test as plain } from './fixtures.ts'

/** A product whose LIMERICK_PYTHON is the fake one, in a folder of its own. */
const test = plain.extend<object, { folder: string }>({
  folder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'limerick-python-'))
      await use(folder)
      rmSync(folder, { recursive: true })
    },
    { scope: 'worker' },
  ],
  studio: [
    async ({ folder }, use) => {
      const facts = { missing: ['trl', 'peft'] }
      const studio = await startStudio({ env: { LIMERICK_PYTHON: fakePython(folder, { facts }) } })
      await use(studio)
      await discard(studio)
    },
    { scope: 'worker' },
  ],
})

test.use({ own: 'trainers' })
test.describe.configure({ mode: 'serial' })

const WIDTHS = [390, 768, 1440]

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('the Providers page says what is missing, and after it is mended which devices there are', async ({
  page,
  folder,
}) => {
  await page.goto('/providers')
  const trainers = panel(page, 'Training on this computer')
  await expect(trainers.getByText('Packages are missing')).toBeVisible()
  await expect(trainers).toContainText('The environment of LIMERICK_PYTHON lacks trl, peft.')
  await expect(trainers).toContainText('pip install --require-hashes -r trainer/requirements.txt')
  await expect(trainers).toContainText('free for checkpoints')
  await expectFits(page, ...WIDTHS)
  await expectAccessible(page)

  const values = { driver: '535.1', newest: '12.2', cuda: '13.0' }
  fakePython(folder, {
    facts: {
      ...{ devices: [fakeGpu(24e9, 20e9)], bf16: true, cuda: '13.0' },
      problems: [{ code: 'driver', message: 'An old driver.', values }],
    },
  })
  await trainers.getByRole('button', { name: 'Check trainers again' }).press('Enter')
  await expect(trainers).toContainText(/NVIDIA Test: 20(\.0)? GB of 24(\.0)? GB free/)
  await expect(trainers).toContainText('used by other programs')
  await expect(trainers).toContainText('The NVIDIA driver 535.1 runs at most CUDA 12.2')
  await expect(trainers).toContainText(
    'adapter over 4-bit weights (QLoRA) needs the Python package bitsandbytes',
  )
  await expectFits(page, ...WIDTHS)
  await expectAccessible(page)
})

test('the form offers trainer, method and length, refuses what cannot fit, and the job says what trained it', async ({
  page,
  folder,
}) => {
  fakePython(folder, {
    facts: { devices: [fakeGpu(24e9, 1e9)], bf16: true },
    env: { FAKE_STEP: 100, FAKE_MEMORY: 2e9 },
  })
  await page.goto('/providers')
  await panel(page, 'Training on this computer')
    .getByRole('button', { name: 'Check trainers again' })
    .press('Enter')
  await expect(panel(page, 'Training on this computer')).toContainText(/1(\.0)? GB of 24(\.0)? GB free/)

  await page.goto('/jobs/new')
  const trainer = panel(page, 'Trainer')
  await trainer.getByRole('radio', { name: /^Automatic/ }).press('ArrowLeft')
  await expect(trainer.getByRole('radio', { name: /^TRL/ })).toBeChecked()
  await expect(trainer).toContainText('on NVIDIA Test')
  await expect(trainer).toContainText('needs the Python package bitsandbytes')
  await trainer.getByRole('combobox', { name: 'Method' }).press('Enter')
  await page.getByRole('option', { name: 'adapter (LoRA)' }).press('Enter')
  await trainer.getByLabel('Longest row').fill('64')
  await trainer.getByLabel('Longest row').press('Tab')
  await expect(page.getByText(/^needs [\d.]+ [GM]B, but only [\d.,]+ [GM]B is available/)).toBeVisible()
  const start = page.getByRole('button', { name: /^Start training/ })
  await expect(start).toBeDisabled()
  await expectFits(page, ...WIDTHS)
  await expectAccessible(page)

  fakePython(folder, { env: { FAKE_STEP: 100, FAKE_MEMORY: 2e9 } })
  await page.goto('/providers')
  await panel(page, 'Training on this computer')
    .getByRole('button', { name: 'Check trainers again' })
    .press('Enter')
  await expect(panel(page, 'Training on this computer')).toContainText('none that PyTorch can use')
  await page.goto('/jobs/new')
  await expect(page.getByText('Draft saved')).toBeVisible()
  await page.getByRole('button', { name: 'curl', exact: true }).press('Enter')
  await expect(page.getByRole('figure', { name: 'curl' })).toContainText('"max_length": 64')
  await page.getByRole('button', { name: 'Form', exact: true }).press('Enter')
  await expect(start).toBeEnabled()
  await start.press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)

  const facts = panel(page, 'Configuration')
  await expect(facts).toContainText('TRL, none')
  await expect(facts).toContainText('adapter (LoRA)')
  await expect(facts).toContainText('64 tokens')
  await expect(facts).toContainText(/2(\.0)? GB; 1(\.0)? GB estimated/)
  await expect(facts).toContainText('tokens/s')
  await expect(page.getByText(/^The model reads 64 tokens/).first()).toBeVisible()
  await expectAccessible(page)
})

test('in Arabic it is mirrored, whole and accessible', async ({ page, context, studio }) => {
  await context.addCookies([
    { name: 'limerick-locale', value: 'ar-u-nu-latn', url: studio.url, sameSite: 'Lax' },
  ])
  const words = translate('trainers', 'ar-u-nu-latn')
  await page.goto('/providers')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  const trainers = panel(page, words('title'))
  await expect(trainers).toContainText(words('noGpu'))
  await expectFits(page, ...WIDTHS)
  await expectAccessible(page)
  await page.goto('/jobs/new')
  await expect(panel(page, words('form.trainer'))).toContainText(words('form.maxLengthHint'))
  await expectFits(page, ...WIDTHS)
  await expectAccessible(page)
})
