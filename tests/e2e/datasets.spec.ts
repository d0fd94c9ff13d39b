import { readFileSync } from 'node:fs'
import { expect, expectAccessible, test } from './fixtures.ts'

const ROWS = readFileSync('public/samples/elle.jsonl', 'utf8').split('\n').slice(0, 12)
/** As people's files come: a byte order mark, CRLF, and no break at the end. */
const FILE = `\uFEFF${ROWS.join('\r\n')}`

test('a file comes in by the form and leaves byte for byte; a row is edited, deleted and brought back', async ({
  page,
  studio,
}) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import rows' })
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'mine.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(FILE) })
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'mine' })).toBeVisible()
  const id = /data_\w+/.exec(page.url())?.[0] ?? ''
  const exported = async () =>
    Buffer.from(await (await fetch(`${studio.url}/api/datasets/${id}/export`)).arrayBuffer())
  expect((await exported()).equals(Buffer.from(FILE))).toBe(true)
  await expectAccessible(page)

  const answer = page.getByRole('textbox', { name: /assistant/i }).first()
  await answer.fill('Helium - a - b - c - d')
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect.poll(async () => (await exported()).toString()).toContain('Helium - a - b - c - d')

  await page.getByRole('button', { name: 'Add row' }).click()
  await expect(page.getByText(/^\d+ of 13$/)).toBeVisible()
  await page.getByRole('button', { name: 'Actions for this row' }).click()
  await page.getByRole('menuitem', { name: 'Delete row' }).click()
  await expect(page.getByText(/^\d+ of 12$/)).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByText(/^\d+ of 13$/)).toBeVisible()
})

test('a broken file shows every problem with its place', async ({ page }) => {
  await page.goto('/datasets')
  await page.getByRole('link', { name: 'elle-broken' }).first().click()
  await expect(page.getByText('too-few-rows').first()).toBeVisible()
  await expect(page.getByText('weight-not-0-1').first()).toBeVisible()
  await page
    .getByText(/^3:\d+$/)
    .first()
    .click()
  await expect(page.getByText('3 of 6')).toBeVisible()
  await expectAccessible(page)
})

test('a dataset is deleted with a way back, and a deletion that fails says so', async ({ page, studio }) => {
  const created = await fetch(`${studio.url}/api/datasets`, {
    method: 'POST',
    headers: { origin: studio.url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'passing' }),
  })
  const { id } = (await created.json()) as { id: string }
  await page.goto('/datasets')
  const remove = async () => {
    await page.getByRole('button', { name: 'Actions for passing' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
  }
  await page.route(`**/api/datasets/${id}`, (route) => route.abort())
  await remove()
  await expect(page.getByText('The dataset was not changed')).toBeVisible()
  await expectAccessible(page)
  await page.unroute(`**/api/datasets/${id}`)
  await remove()
  await expect(page.getByRole('link', { name: 'passing' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'passing' })).toBeVisible()

  await remove()
  const deleted = page.getByRole('region', { name: 'Deleted datasets' })
  await expect(deleted.getByText('passing')).toBeVisible()
  await expectAccessible(page)
  await deleted.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByRole('link', { name: 'passing' })).toBeVisible()
  await remove()
  await deleted.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(deleted).toHaveCount(0)
  await page.reload()
  await expect(page.getByText('passing')).toHaveCount(0)
})
