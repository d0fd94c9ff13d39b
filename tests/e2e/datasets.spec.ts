import { readFileSync } from 'node:fs'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { ask, download, importText } from './ask.ts'
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
  const exported = () => download(studio, `/api/datasets/${id}/export`)
  expect((await exported()).equals(Buffer.from(FILE))).toBe(true)
  await expectAccessible(page)

  const answer = page.getByRole('textbox', { name: /assistant/i }).first()
  await answer.fill('Helium - a - b - c - d')
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect.poll(async () => (await exported()).toString()).toContain('Helium - a - b - c - d')

  const deleteRow = async () => {
    await page.getByRole('button', { name: 'Actions for this row' }).click()
    await page.getByRole('menuitem', { name: 'Delete row' }).click()
  }
  await page.locator('[data-place="0"]').click()
  await page.keyboard.press('Control+d')
  await expect(page.getByText('2 of 13')).toBeVisible()
  await page.keyboard.press('Escape')
  await deleteRow()
  await expect(page.getByText('2 of 12')).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByText('2 of 13')).toBeVisible()
})

test('a new row is neither counted, checked nor stored until it is saved, and nothing typed in it is lost', async ({
  page,
  studio,
}) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import rows' })
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'grown.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(FILE) })
  await dialog.getByRole('radio', { name: /^Train(?!,)/ }).click()
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'grown' })).toBeVisible()
  const id = /data_\w+/.exec(page.url())?.[0] ?? ''
  const lines = async () => (await download(studio, `/api/datasets/${id}/export`)).toString().split(/\r?\n/)
  const row = page.getByRole('region', { name: 'The row' })
  const list = page.getByRole('navigation', { name: 'Rows of the dataset' })
  const question = row.getByRole('textbox', { name: /User/ })
  const train = page
    .getByRole('button', { name: 'Train', exact: true })
    .or(page.getByRole('link', { name: 'Train', exact: true }))

  await page.getByRole('button', { name: 'Add row' }).click()
  await expect(question).toBeFocused()
  await expect(row.getByRole('heading', { name: 'New row' })).toBeVisible()
  await expect(list.getByText('new', { exact: true })).toBeVisible()
  // The system prompt of the others is there already.
  await expect(row.getByRole('textbox', { name: /System/ })).toHaveValue(/^Elle is/)
  await expect(page.getByText('12 training, 0 held out')).toBeVisible()
  await expect(page.getByText('empty-content')).toHaveCount(0)
  await expect(train.first()).toBeEnabled()
  expect((await lines()).length).toBe(12)
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('k')
  await expect(row.getByRole('heading', { name: 'Row 1' })).toBeVisible()
  await expect(list.getByText('new', { exact: true })).toHaveCount(0)
  await expect(list.getByRole('listitem')).toHaveCount(12)

  await page.keyboard.press('n')
  await expect(question).toBeFocused()
  await page.keyboard.type('Tell me about Tin')
  await expect(list.getByText('Tell me about Tin')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(row.getByRole('heading', { name: 'Row 2' })).toBeVisible()
  await page.reload()
  await expect(list.getByText('Tell me about Tin')).toBeVisible()
  await expect(page.getByText('12 training, 0 held out')).toBeVisible()
  expect((await lines()).length).toBe(12)
  // Another new row stores the one that was begun, where it was begun.
  await list.getByText('Tell me about Tin').click()
  await page.keyboard.press('j')
  await expect(row.getByRole('heading', { name: 'Row 2' })).toBeVisible()
  await page.keyboard.press('n')
  await expect(question).toHaveValue('')
  await expect
    .poll(async () => (await lines()).findIndex((line) => line.includes('Tell me about Tin"')))
    .toBe(1)
  await expect(page.getByText('13 training, 0 held out')).toBeVisible()
  await page.keyboard.type('Tell me about Zinc')
  await page.getByRole('button', { name: 'Actions for this row' }).click()
  await page.getByRole('menuitem', { name: 'Delete row' }).click()
  await expect(page.getByText('New row deleted')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(question).toHaveValue('Tell me about Zinc')
  await expect
    .poll(async () => (await lines()).findIndex((line) => line.includes('Tell me about Zinc')))
    .toBe(3)
})

test('a broken file shows every problem with its place', async ({ page }) => {
  await page.goto('/datasets')
  await page.getByRole('link', { name: 'elle-broken' }).first().click()
  await expect(page.getByText('too-few-rows').first()).toBeVisible()
  await expect(page.getByText('weight-not-0-1').first()).toBeVisible()
  await page
    .getByRole('button', { name: /^Row 3: go to column/ })
    .first()
    .click()
  await expect(page.getByText('3 of 6')).toBeVisible()
  await expectAccessible(page)
})

test('a dataset is deleted with a way back, and a deletion that fails says so', async ({ page, studio }) => {
  const { id } = await ask<DatasetSummary>(studio, '/api/datasets', { name: 'passing' })
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
  // Until then its entry among the deleted ones is the one before.
  await expect(deleted).toHaveCount(0)
  await remove()
  await deleted.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  // It closes when the answer is there; behind it nothing of the page is in reach.
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  await expect(deleted).toHaveCount(0)
  await page.reload()
  await expect(page.getByText('passing')).toHaveCount(0)
})

test('the list is sorted; a dataset is duplicated and archived, with a way back', async ({
  page,
  studio,
}) => {
  for (const name of ['list-10', 'list-2']) {
    const lines = Array.from({ length: name === 'list-2' ? 12 : 11 }, (_, n) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: `${name}: say ${n}` },
          { role: 'assistant', content: `${n} and ${n * 3}` },
        ],
      }),
    )
    await importText(studio, name, lines.join('\n'))
  }
  await page.goto('/datasets')
  const names = async () =>
    (await page.getByRole('table').first().getByRole('link').allInnerTexts()).filter((name) =>
      name.startsWith('list-'),
    )
  // Held-out rows have tokens too, which the list does not count and the versions do.
  await expect(page.getByRole('columnheader', { name: 'Training tokens' })).toBeVisible()
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await expect.poll(names).toEqual(['list-2', 'list-10'])
  await expect(page).toHaveURL(/sort=name/)
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await expect.poll(names).toEqual(['list-10', 'list-2'])
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Actions for list-2' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await expect(page.getByText('“list-2” archived')).toBeVisible()
  await expect.poll(names).toEqual(['list-10'])
  await page.getByRole('button', { name: 'Show 1 archived dataset' }).click()
  await expect.poll(names).toEqual(['list-10', 'list-2'])
  await page.getByRole('button', { name: 'Actions for list-2' }).click()
  await page.getByRole('menuitem', { name: 'Move back to the list' }).click()
  await expect(page.getByRole('button', { name: /archived/ })).toHaveCount(0)

  await page.getByRole('button', { name: 'Actions for list-2' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(page).toHaveURL(/\/datasets\/data_/)
  await expect(page.getByRole('heading', { name: 'list-2 copy' })).toBeVisible()
})
