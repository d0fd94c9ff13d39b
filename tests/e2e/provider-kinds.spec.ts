import type { Locator, Page } from '@playwright/test'
import { translate } from '#lib/i18n/translate.ts'
import { ADDRESSED_KINDS } from '#lib/providers/kinds.ts'
import { AZURE_BASE, AZURE_KEY, startAzure } from '../support/azure-server.ts'
import { startTogether, TOGETHER_BASE, TOGETHER_KEY } from '../support/together-server.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

// Other files count the providers.
test.use({ own: 'provider-kinds' })

interface Added {
  kind: string
  address: string
  key: string
  name: string
}

/** Fills the form by keyboard, and adds the provider. */
async function add(page: Page, { kind, address, key, name }: Added): Promise<Locator> {
  await page.goto('/providers')
  await page.getByRole('button', { name: 'Add a provider' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Kind' }).press('Enter')
  await page.getByRole('option', { name: kind, exact: true }).press('Enter')
  await dialog.getByRole('textbox', { name: 'Address' }).fill(address)
  await dialog.getByRole('combobox', { name: 'Where it is' }).press('Enter')
  await page.getByRole('option', { name: 'On this computer or in my network' }).press('Enter')
  await dialog.getByLabel(/^Key/).fill(key)
  await dialog.getByLabel(/^Name/).fill(name)
  await dialog.getByRole('button', { name: 'Test' }).press('Enter')
  await expect(dialog.getByRole('status')).toContainText('It answers and lists')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add', exact: true }).press('Enter')
  await expect(dialog).toHaveCount(0)
  const entry = page.getByRole('listitem').filter({ hasText: name })
  await expect(entry).toContainText('Online')
  return entry
}

test('Together trains a job with a rate of its own, and its page has the curve and its own words', async ({
  page,
}) => {
  const server = await startTogether()
  try {
    const entry = await add(page, {
      kind: 'Together',
      address: server.baseURL,
      key: TOGETHER_KEY,
      name: 'The forge',
    })
    await expect(entry).toContainText('Not offered')
    await expectAccessible(page)

    await page.goto(`/jobs/new?${new URLSearchParams({ model: TOGETHER_BASE })}`)
    await expect(page.getByRole('radio', { name: /The forge/ })).toBeChecked()
    await page.getByRole('textbox', { name: 'Learning rate' }).fill('0.00002')
    await page.keyboard.press('Tab')
    await expect(page.getByText('Rate multiplier')).toHaveCount(0)
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Start/ }).press('Enter')
    await expect(page).toHaveURL(/\/jobs\/run_/)
    expect(server.creations[0]).toMatchObject({ model: TOGETHER_BASE, learning_rate: 0.00002 })

    const [id = ''] = [...server.jobs.keys()]
    server.go(id, 'running', 'training_start')
    server.metrics
      .get(id)
      ?.push({ 'train/loss': 1.5, 'train/global_step': 1 }, { 'train/loss': 0.5, 'train/global_step': 2 })
    Object.assign(server.jobs.get(id) ?? {}, { model_output_name: 'me/poems-1a2b' })
    server.go(id, 'completed', 'job_complete', { step: 2, total_steps: 2 })
    await expect(page.getByText('Learning rate')).toBeVisible()
    await expect(page.getByText('0.00002', { exact: true })).toBeVisible()
    const own = page.locator('summary', { hasText: 'own words' })
    await expect(page.getByText('Step 2/2: train loss=0.5000')).toBeVisible({ timeout: 60_000 })
    await own.click()
    await expect(page.getByText('"model_output_name": "me/poems-1a2b"')).toBeVisible()
    expect(await page.content()).not.toContain(TOGETHER_KEY)
    await expectAccessible(page)
  } finally {
    await server.close()
  }
})

test('an Azure model is told how it is deployed, and answers under the name that it is given', async ({
  page,
}) => {
  const server = await startAzure()
  try {
    await add(page, { kind: 'Azure', address: server.classic, key: AZURE_KEY, name: 'The office' })
    await page.goto('/models')
    const row = page.getByRole('row').filter({ hasText: AZURE_BASE }).first()
    await row.getByRole('button', { name: /^More/ }).press('Enter')
    await page.getByRole('menuitem', { name: 'Deployment' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('open Deployments')
    await expectAccessible(page)
    await dialog.getByLabel(/^Name of the deployment/).fill('elle')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    server.deployments.add('elle')
    const providers = await page.evaluate(async () => (await fetch('/api/providers')).json())
    expect(providers).toContainEqual(expect.objectContaining({ deployments: { [AZURE_BASE]: 'elle' } }))

    await page.goto(`/jobs/new?${new URLSearchParams({ model: AZURE_BASE })}`)
    await page.getByRole('combobox', { name: 'Training tier' }).press('Enter')
    await page.getByRole('option', { name: 'Developer tier' }).press('Enter')
    await expectAccessible(page)
  } finally {
    await server.close()
  }
})

test.describe('a browser that prefers Arabic', () => {
  test.use({ locale: 'ar-EG', viewport: { width: 390, height: 844 } })

  test('is offered every kind, with what it is for', async ({ page }) => {
    const t = translate('providers', 'ar-u-nu-latn')
    await page.goto('/providers')
    await page.getByRole('button', { name: t('connect.title') }).press('Enter')
    const dialog = page.getByRole('dialog', { name: t('connect.title') })
    for (const kind of ADDRESSED_KINDS) {
      await dialog.getByRole('combobox', { name: t('connect.kind') }).press('Enter')
      const name = t(`connect.kinds.${kind}`).replaceAll(/[\u2066-\u2069]/g, '')
      await page.getByRole('option', { name }).press('Enter')
      await expect(dialog.getByRole('combobox', { name: t('connect.kind') })).toContainText(name)
    }
    await expect(dialog).toContainText(t('connect.about.serving'))
    await expectAccessible(page)
  })
})
