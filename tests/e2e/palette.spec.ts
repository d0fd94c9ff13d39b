import { expect, expectAccessible, test } from './fixtures.ts'

test('everything with a name is found by keyboard, from any page', async ({ page }) => {
  await page.goto('/jobs')
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Search' })
  const field = palette.getByRole('combobox')
  await expect(field).toBeFocused()
  await expect(palette.getByRole('option', { name: 'Playground' })).toBeVisible()
  await expectAccessible(page)

  await field.fill('elle-for')
  await expect(palette.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/datasets\/data_/)
  await expect(palette).toHaveCount(0)

  await page.keyboard.press('Control+k')
  await field.fill('duplicate')
  await palette
    .getByRole('option', { name: /near-duplicate/i })
    .first()
    .click()
  const rules = page.getByRole('dialog', { name: /rules/i })
  await expect(rules.getByRole('group').first()).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  await field.fill('shortcuts')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  await field.fill('no such thing at all')
  await expect(palette.getByText('Nothing found.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
})

test('g and a letter lead to a section, and a letter alone does not', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await expect(page).toHaveURL(/\/models$/)
  await page.keyboard.press('m')
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page).toHaveURL(/\/$/)
})
