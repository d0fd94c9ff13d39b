import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import type { DatasetView } from '#lib/datasets/schema.ts'
import type { Studio } from '../support/studio.ts'
import { ask, download, importText } from './ask.ts'
import { expect, expectAccessible, test } from './fixtures.ts'

const sample = readFileSync('public/samples/elle.jsonl', 'utf8')

const stateOf = async (studio: Studio, id: string) =>
  (await ask<DatasetView>(studio, `/api/datasets/${id}`)).dataset

const textOf = async (studio: Studio, id: string): Promise<string> =>
  (await download(studio, `/api/datasets/${id}/export`)).toString()

/** What a rule says in the list of problems. */
const problem = (page: Page, rule: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: rule }) })

/** The review that stands before every change of many rows. */
async function apply(page: Page): Promise<void> {
  const review = page.getByRole('dialog').filter({ hasText: 'You can undo this.' })
  await review.getByRole('button', { name: 'Apply' }).click()
  await expect(review).toHaveCount(0)
}

/** The sample's good rows, in every way that people's files come broken. */
function broken(): string {
  const [first = '', second = '', third = '', fourth = '', ...rest] = sample.trim().split('\n').slice(0, 14)
  const pretty = JSON.stringify(JSON.parse(second), null, 2)
  const { messages } = JSON.parse(fourth) as { messages: { role: string; content: string }[] }
  const legacy = JSON.stringify({ prompt: messages[1]?.content, completion: messages[2]?.content })
  const [fifth = '', ...others] = rest
  const loose = third.replace(/\]\}$/, ',]}')
  const weighted = fifth.replace(/\}\]\}$/, ', "weight": true}]}')
  return `\uFEFF${[first, pretty, loose, '', legacy, first, weighted, ...others].join('\r\n')}`
}

test('a broken file is fixed by review, and undo brings every byte back', async ({ page, studio }) => {
  const text = broken()
  const id = await importText(studio, 'broken.jsonl', text)
  await page.goto(`/datasets/${id}`)
  await expect(page.getByText(/^\d+ errors?$/).first()).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: /^Fix \d+ safe/ }).click()
  const review = page.getByRole('dialog', { name: /^Fix \d kinds of issue/ })
  await expect(review.getByRole('heading', { name: 'Rows 2 to 17' })).toBeVisible()
  await expectAccessible(page)
  await apply(page)
  await expect(problem(page, 'multi-line-json')).toHaveCount(0)

  for (const rule of ['bad-json', 'weight-not-0-1', 'no-messages']) {
    await problem(page, rule).getByRole('button', { name: 'Fix 1' }).click()
    await apply(page)
    await expect(problem(page, rule)).toHaveCount(0)
  }
  await problem(page, 'duplicate').getByRole('button', { name: 'Delete later copies' }).click()
  await apply(page)
  await expect(page.getByText(/^Ready/).first()).toBeVisible()
  expect((await stateOf(studio, id)).state).toBe('ready')
  for (const line of (await textOf(studio, id)).trim().split('\n'))
    expect(JSON.parse(line)).toHaveProperty('messages')

  for (
    let { undo, revision } = await stateOf(studio, id);
    undo;
    { undo, revision } = await stateOf(studio, id)
  ) {
    const before = revision
    await page.keyboard.press('u')
    await expect.poll(async () => (await stateOf(studio, id)).revision).toBeGreaterThan(before)
  }
  expect(await textOf(studio, id)).toBe(text)
})

test('rows that drift say it like all others, with a look at the words', async ({ page, studio }) => {
  const drifted = sample.replace('Elle is a factual chatbot', 'You are Elle, a factual chatbot')
  const id = await importText(studio, 'drift.jsonl', drifted)
  await page.goto(`/datasets/${id}`)
  const drift = problem(page, 'system-drift')
  await expect(drift.locator('ins').filter({ hasText: 'You' })).toBeVisible()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Change the system prompt' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change the system prompt' })
  await dialog.getByRole('combobox', { name: 'Which rows' }).click()
  await page.getByRole('option', { name: /^You are Elle/ }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('1 row changes')).toBeVisible()
  await apply(page)
  await expect(drift).toHaveCount(0)
  expect(await textOf(studio, id)).toBe(sample)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(drift).toBeVisible()
  expect(await textOf(studio, id)).toBe(drifted)
})

test('a version is named, compared word by word, and restored', async ({ page, studio }) => {
  const id = await importText(studio, 'verses.jsonl', sample)
  await page.goto(`/datasets/${id}`)
  await page.getByRole('button', { name: 'Name version' }).click()
  const naming = page.getByRole('dialog', { name: 'Name version' })
  await naming.getByRole('textbox', { name: /^Name/ }).fill('first verses')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Version 1 saved')).toBeVisible()
  const before = await textOf(studio, id)

  const answer = page.getByRole('region', { name: 'The row' }).getByRole('textbox', { name: /Assistant/ })
  await answer.fill(`${await answer.inputValue()} tralala`)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('link', { name: 'v2 draft: Versions' }).click()

  await expect(page.getByText('first verses').first()).toBeVisible()
  await expect(page.getByText('1 row changed')).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Tokens, all rows' })).toBeVisible()
  await expect(page.locator('ins').filter({ hasText: 'tralala' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Actions for version 1' }).click()
  await page.getByRole('menuitem', { name: 'Restore rows' }).click()
  await expect(page.getByText('Rows of version 1 restored')).toBeVisible()
  expect(await textOf(studio, id)).toBe(before)
  await expect(page.getByText('No changes')).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.locator('ins').filter({ hasText: 'tralala' })).toBeVisible()
})

test('train and held out are split by keyboard, after a look at what that does', async ({ page, studio }) => {
  const id = await importText(studio, 'deal.jsonl', sample)
  await page.goto(`/datasets/${id}`)
  await page.getByRole('button', { name: 'More', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Split into training and held-out' })).toBeVisible()
  await page.keyboard.type('split')
  await page.keyboard.press('Enter')
  const share = page
    .getByRole('dialog', { name: 'Split the rows', exact: true })
    .getByLabel('Held out, in percent')
  await share.fill('25')
  await expectAccessible(page)
  await share.press('Enter')
  await expect(page.getByText('10 rows move between training and held-out')).toBeVisible()
  await apply(page)
  await expect.poll(async () => (await stateOf(studio, id)).heldout.examples).toBe(10)
})

test('what training comes to is told before anything is sent, and every rule explains itself', async ({
  page,
  studio,
}) => {
  const id = await importText(studio, 'costs.jsonl', sample)
  await page.goto(`/datasets/${id}`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Cost and time' }).click()
  const costs = page.getByRole('dialog', { name: 'Cost and time' })
  await expect(costs.getByRole('radio', { name: /limerick-base/ })).toBeChecked()
  await expect(
    costs.getByRole('table', { name: 'Rows and epochs against tokens, price and time' }),
  ).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'All rules' }).click()
  const rules = page.getByRole('dialog', { name: 'All rules' })
  await rules.getByLabel('Filter rules').fill('crlf')
  await rules.getByText('Windows line endings', { exact: true }).click()
  await expect(rules.getByRole('figure', { name: 'A bad example for Windows line endings' })).toBeVisible()
  await expectAccessible(page)
})
