import type { Locator, Page } from '@playwright/test'
import { translate } from '#lib/i18n/translate.ts'
import { expect, expectAccessible, expectFits, test } from './fixtures.ts'
import { launchElle } from './train.ts'

// Other files have views and jobs of their own.
test.use({ own: 'views' })
test.describe.configure({ mode: 'serial' })

const menuButton = (page: Page, name = 'Views'): Locator => page.getByRole('button', { name, exact: true })

/** Opens the menu of views by keyboard and chooses one of its entries. */
async function choose(page: Page, entry: string, button = 'Views'): Promise<void> {
  await menuButton(page, button).press('Enter')
  const item = page.getByRole('menuitem', { name: entry })
  await expect(item).toBeVisible()
  await item.press('Enter')
}

test('what the list of jobs shows is kept under a name, opened from the list and from the search', async ({
  page,
  studio,
}) => {
  await launchElle(studio, { suffix: 'alpha' })
  await page.goto('/jobs')
  await menuButton(page).press('Enter')
  await expect(page.getByRole('menuitem', { name: /^Save this view/ })).toBeDisabled()
  await page.keyboard.press('Escape')

  await page.goto('/jobs?q=alpha&sort=name&order=desc')
  await choose(page, 'Save this view')
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Enter a name.')
  await expectAccessible(page)
  await page.keyboard.type('Alphas, Z to A')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(menuButton(page, 'Alphas, Z to A')).toBeVisible()

  await page.goto('/jobs')
  await choose(page, 'Alphas, Z to A')
  await expect(page).toHaveURL(/\/jobs\?(?=.*q=alpha)(?=.*sort=name)(?=.*order=desc)/)
  await expect(page.getByRole('searchbox').filter({ visible: true })).toHaveValue('alpha')
  await expect(menuButton(page, 'Alphas, Z to A')).toBeVisible()

  await page.goto('/models')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('alphas z')
  await expect(page.getByRole('option', { name: /^Alphas, Z to A/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/jobs\?.*q=alpha/)
})

test('a view is renamed, shows something else, is deleted, and comes back', async ({ page }) => {
  await page.goto('/jobs?sort=cost')
  await choose(page, 'Rename or delete views')
  const dialog = page.getByRole('dialog', { name: 'Saved views' })
  await expectAccessible(page)
  const name = dialog.getByRole('textbox', { name: 'Name of the view Alphas, Z to A' })
  await name.fill('By cost')
  await name.press('Enter')
  await expect(dialog.getByRole('textbox', { name: 'Name of the view By cost' })).toBeVisible()
  const replace = dialog.getByRole('button', { name: 'Show here what the list shows now: By cost' })
  await replace.press('Enter')
  await expect(replace).toBeDisabled()
  await dialog.getByRole('button', { name: 'Delete the view By cost' }).press('Enter')
  await expect(dialog).toContainText('No saved views yet.')
  await dialog.getByRole('button', { name: 'Close' }).last().press('Enter')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(menuButton(page, 'By cost')).toBeVisible()
})

test('views fit in Arabic and on a phone', async ({ page, studio }) => {
  const locale = 'ar-u-nu-latn'
  const t = translate('views', locale)
  await page.context().addCookies([{ name: 'limerick-locale', value: locale, url: studio.url }])
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto('/datasets?q=elle&sort=name')
    await choose(page, t('save'), t('title'))
    await expect(page.getByRole('dialog', { name: t('saveTitle') })).toBeVisible()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await expectAccessible(page)
    await expectFits(page)
  }
})

test('a prompt of the playground is kept with its settings, and asked again', async ({ page }) => {
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true })
  const temperature = page.getByRole('textbox', { name: 'Temperature' })
  await page.goto('/playground')
  await prompt.fill('')
  await page.getByRole('textbox', { name: 'System', exact: true }).fill('')
  await menuButton(page, 'Prompts').press('Enter')
  await expect(page.getByRole('menuitem', { name: /^Save this prompt/ })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menuitem')).toHaveCount(0)
  await prompt.fill('Why is gold soft?')
  await temperature.fill('0.7')
  await temperature.press('Tab')
  await choose(page, 'Save this prompt', 'Prompts')
  const dialog = page.getByRole('dialog', { name: 'Save this prompt' })
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.type('Soft gold')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(menuButton(page, 'Soft gold')).toBeVisible()

  await prompt.fill('Another question')
  await choose(page, 'Soft gold', 'Prompts')
  await expect(prompt).toHaveValue('Why is gold soft?')

  await page.goto('/models')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('soft gold')
  await expect(page.getByRole('option', { name: /^Soft gold/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/playground\?.*preset=view_/)
  await expect(prompt).toHaveValue('Why is gold soft?')
  await expect(temperature).toHaveValue('0.7')

  await choose(page, 'Rename or delete prompts', 'Soft gold')
  await page.getByRole('button', { name: 'Delete the prompt Soft gold' }).press('Enter')
  await expect(page.getByRole('dialog', { name: 'Saved prompts' })).toContainText('No saved prompts yet.')
})
