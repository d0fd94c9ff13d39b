import { readFileSync } from 'node:fs'
import { expect, expectAccessible, test } from './fixtures.ts'
import { choose, dialog, importButton } from './import-dialog.ts'

const SAME = 'The question and the answer are in the same column.'

const field = (name: string) => readFileSync(`tests/fixtures/field/${name}`)

test('a field that no row would hold is shown, and asked about before the import', async ({ page }) => {
  const rows = Array.from({ length: 12 }, (_, n) => `${n},Question ${n}?,Answer ${n},hint ${n},en`)
  await choose(page, 'hints.csv', Buffer.from(`id,question,answer,hint,lang\n${rows.join('\n')}\n`))
  const left = dialog(page).getByRole('region', { name: 'Other fields' })
  await expect(left.getByText('hint 0')).toBeVisible()
  // An id is named, not asked about; so is what is the same in every row.
  await expect(left.getByText('12 records, such as:')).toHaveCount(3)
  await expect(left.getByRole('combobox')).toHaveCount(1)
  await expect(importButton(page)).toBeDisabled()
  await expectAccessible(page)

  await left.getByRole('combobox', { name: 'Use “hint” for' }).click()
  await page.getByRole('option', { name: 'The question, above its text' }).click()
  const first = dialog(page).getByRole('region', { name: 'Preview of the first rows' })
  await expect(first.getByText(/^hint 0\s+Question 0\?$/)).toBeVisible()
  await importButton(page).click()
  await expect(dialog(page).getByText('12 rows imported')).toBeVisible()
  const table = dialog(page).getByRole('table', { name: 'Fields left out of the rows' })
  await expect(table.getByRole('row', { name: 'id 12 0' })).toBeVisible()
  await expect(table.getByRole('row', { name: 'lang 12 en' })).toBeVisible()
  await expectAccessible(page)
})

test('disliked answers are asked about, and come in only as the worse of a pair', async ({ page }) => {
  await choose(page, 'thumbs.jsonl', field('28-kto-thumbs.jsonl'))
  await expect(dialog(page).getByRole('radio', { name: 'Keep the liked answers' })).toBeVisible()
  await expect(importButton(page)).toBeDisabled()
  await expectAccessible(page)
  await dialog(page).getByRole('radio', { name: 'Keep the liked answers' }).click()
  await importButton(page).click()
  await expect(dialog(page).getByText('5 rows imported')).toBeVisible()
  await expect(dialog(page).getByText('5 disliked answers were left out, as you chose.')).toBeVisible()
  await expect(dialog(page).getByText('were not imported')).toHaveCount(0)

  await dialog(page).getByRole('link').click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Export in another format' }).click()
  const exporting = page.getByRole('dialog', { name: 'Export in another format' })
  await expect(exporting.getByText('5 rows are exported in full.')).toBeVisible()
  await expectAccessible(page)
  await exporting.getByRole('combobox', { name: 'Format' }).click()
  await page.getByRole('option', { name: 'TRL preference (JSONL)' }).click()
  await expect(exporting.getByText('5 rows are conversations, not pairs')).toBeVisible()
  await expect(exporting.getByRole('link', { name: 'Download' })).toHaveCount(0)
})

test('a chat between people asks who writes the answers', async ({ page }) => {
  const days = Array.from({ length: 12 }, (_, n) => String(n + 10))
  const chat = days.map((day) =>
    [`${day}/05/2024, 10:00 - Amal: Is ${day} even?`, `${day}/05/2024, 10:01 - Shop: I look.`].join('\n'),
  )
  await choose(page, 'WhatsApp Chat.txt', Buffer.from(chat.join('\n')))
  await expect(importButton(page)).toBeDisabled()
  await expect(dialog(page).getByText('Choose who writes the answers.').first()).toBeVisible()
  await expectAccessible(page)
  await dialog(page).getByRole('combobox', { name: 'The answers are written by' }).click()
  await page.getByRole('option', { name: 'Shop', exact: true }).click()
  await expect(dialog(page).getByText('Is 10 even?', { exact: true })).toBeVisible()
  await importButton(page).click()
  await expect(dialog(page).getByText('12 rows imported')).toBeVisible()
})

test('headings that nobody knows stay open until they are named', async ({ page }) => {
  await choose(page, 'table.csv', Buffer.from('eins,zwei\nQ,A\n'))
  await expect(dialog(page).getByRole('combobox', { name: 'The question is in' })).toContainText(
    'Choose a column',
  )
  await expect(importButton(page)).toBeDisabled()
  for (const label of ['The question is in', 'The answer is in']) {
    await dialog(page).getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: 'eins', exact: true }).click()
    // A list that closes is there until it has faded, and the next one has the same options.
    await expect(page.getByRole('option')).toHaveCount(0)
  }
  await expect(dialog(page).getByText(SAME).first()).toBeVisible()
  await expect(importButton(page)).toBeDisabled()
})
