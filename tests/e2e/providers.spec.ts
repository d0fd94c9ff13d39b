import { startChatProvider } from '../support/chat-provider.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

// Other files count the providers.
test.use({ own: 'providers' })

test('a server is tried, added by keyboard, asked, renamed and removed, and its key is never seen again', async ({
  page,
  studio,
}) => {
  const server = await startChatProvider()
  try {
    await page.goto('/providers')
    await page.getByRole('button', { name: 'Add a provider' }).press('Enter')
    // A list of choices is a dialog too, until it has closed.
    const dialog = page.getByRole('dialog', { name: 'Add a provider' })
    await dialog.getByRole('combobox', { name: 'Kind' }).press('Enter')
    await page.getByRole('option', { name: 'Compatible server' }).press('Enter')
    await dialog.getByRole('button', { name: 'Add', exact: true }).press('Enter')
    await expect(dialog).toContainText('Enter an address such as')
    await expectAccessible(page)

    await dialog.getByRole('textbox', { name: 'Address' }).fill(server.baseURL)
    await dialog.getByLabel(/^Key/).fill(server.key)
    await dialog.getByRole('button', { name: 'Test' }).press('Enter')
    await expect(dialog.getByRole('status')).toContainText('does not connect to 127.0.0.1')
    await dialog.getByRole('combobox', { name: 'Where it is' }).press('Enter')
    await page.getByRole('option', { name: 'On this computer or in my network' }).press('Enter')
    await dialog.getByRole('button', { name: 'Test' }).press('Enter')
    await expect(dialog.getByRole('status')).toContainText('It answers and lists 4 models')
    await expectAccessible(page)
    await dialog.getByLabel(/^Name/).fill('The shed')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)

    const shed = page.getByRole('listitem').filter({ hasText: 'The shed' })
    await expect(shed).toContainText('Online')
    await expect(shed).toContainText(`ends in ${server.key.slice(-4)}`)
    expect(await page.content()).not.toContain(server.key)
    await expectAccessible(page)

    const { answer } = await page.evaluate(async () => {
      const response = await fetch('/api/models')
      return { answer: await response.text() }
    })
    expect(answer).toContain('"steady"')

    await shed.getByRole('button', { name: 'Actions for The shed' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Rename' }).press('Enter')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('The cellar')
    await page.keyboard.press('Enter')
    const cellar = page.getByRole('listitem').filter({ hasText: 'The cellar' })
    await expect(cellar).toContainText('Online')

    await page.goto('/models')
    await expect(page.getByRole('row').filter({ hasText: 'steady' }).first()).toContainText('The cellar')

    await page.goto('/providers')
    await cellar.getByRole('button', { name: 'Actions for The cellar' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Remove' }).press('Enter')
    const alert = page.getByRole('alertdialog')
    await expect(alert).toContainText('Its key is deleted here.')
    await alert.getByRole('button', { name: 'Remove' }).press('Enter')
    await expect(cellar).toHaveCount(0)
    expect(studio.output()).not.toContain(server.key)
    expect(server.asked).toEqual([])
  } finally {
    await server.close()
  }
})
