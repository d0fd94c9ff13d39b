import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { DatasetSummary, RowsPage } from '#lib/datasets/schema.ts'
import { ask, importText } from './ask.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

const asked = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })
const few = Array.from({ length: 10 }, (_, n) => asked(`Is ${n} even?`, `It is number ${n}.`))

const row = (page: Page) => page.getByRole('region', { name: 'The row' })

test('a row of a megabyte shows its beginning, and none of it is lost when it is edited', async ({
  page,
  studio,
}) => {
  const long = 'itisso'.repeat(170_000)
  const id = await importText(studio, 'long.jsonl', [...few, asked('Is it so?', long)].join('\n'))
  await page.goto(`/datasets/${id}?row=11`)
  await expect(row(page).getByText('The first 4,000 of 1,020,000 characters.')).toBeVisible()
  await expect(page.getByText('tokens-outlier').first()).toBeVisible()
  await expectAccessible(page)

  await row(page)
    .getByRole('button', { name: 'Edit the whole text: Text of turn 2, Assistant' })
    .press('Enter')
  const field = row(page).getByRole('textbox', { name: 'Text of turn 2, Assistant' })
  await field.press('ControlOrMeta+End')
  await page.keyboard.type('!')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect
    .poll(async () => {
      const { rows } = await ask<RowsPage>(studio, `/api/datasets/${id}/rows?offset=10&limit=1`)
      return rows[0]?.text === asked('Is it so?', `${long}!`)
    })
    .toBe(true)
})

test('rows of which nothing is left to learn are named before the launch, which waits', async ({
  page,
  studio,
}) => {
  const text = readFileSync('tests/fixtures/field/41-answer-beyond-context.jsonl', 'utf8')
  const id = await importText(studio, 'beyond.jsonl', text)
  await page.goto(`/datasets/${id}`)
  const problems = page.getByRole('complementary', { name: 'Issues' })
  await expect(problems.getByText(/the whole answer is cut off in 10 of 10 rows/)).toBeVisible()
  // The state of the rows does not say ready to a model that cannot learn them.
  await expect(page.getByText(/^Ready.* · not for limerick-base$/)).toHaveCount(2)

  await page.goto(`/jobs/new?dataset=${id}`)
  const checks = page.getByRole('region', { name: 'Checks' })
  await expect(checks.getByText(/the whole answer is cut off in 10 of 10 rows/)).toBeVisible()
  await expect(checks.getByRole('link', { name: 'row 1: the whole answer' })).toBeVisible()
  await expect(checks.getByText('No held-out rows: nothing will show whether it learnt')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Start training/ })).toBeDisabled()
  await expect(page.getByText('This model cannot train on 10 rows: see the checks.').last()).toBeVisible()
  await expectAccessible(page)
})

test('a dialog begins in its first field, and an empty dataset is not ready with its first row', async ({
  page,
}) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'New dataset' }).first().click()
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('typed at once')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'typed at once' })).toBeVisible()

  await expect(row(page).getByRole('textbox', { name: /User/ })).toBeFocused()
  await page.keyboard.type('Is it so?')
  await expect(page.getByText('not saved').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Train', exact: true }).first()).toBeDisabled()
})

test('a share of what comes in is held out unless the user says otherwise', async ({ page, studio }) => {
  const lines = Array.from({ length: 20 }, (_, n) => asked(`Question number ${n}?`, `Answer number ${n}.`))
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'share.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(lines.join('\n')),
  })
  await expect(dialog.getByRole('radio', { name: /hold out 20 %/ })).toBeChecked()
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByText(/rows imported/)).toBeVisible()
  const datasets = await ask<DatasetSummary[]>(studio, '/api/datasets')
  const share = datasets.find(({ name }) => name === 'share')
  expect([share?.train.examples, share?.heldout.examples]).toEqual([16, 4])
})

test('fewer are held out where enough must stay to train on, and that is said', async ({ page }) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'ten.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(few.join('\n')),
  })
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(
    dialog.getByText('None is held out: at least 10 rows must stay for training, and there are 10.'),
  ).toBeVisible()
})

test('every room is in reach on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/datasets')
  const rooms = page.getByRole('navigation', { name: 'Main' }).filter({ visible: true })
  await expect(rooms.getByRole('link')).toHaveCount(7)
  for (const link of await rooms.getByRole('link').all()) await expect(link).toBeInViewport({ ratio: 1 })
})
