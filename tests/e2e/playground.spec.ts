import type { Locator, Page } from '@playwright/test'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { ask, download } from './ask.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import { trainElle } from './train.ts'

// Votes are counted over everything that was compared.
test.use({ own: 'playground' })
test.describe.configure({ mode: 'serial' })

const panes = (page: Page): Locator => page.getByRole('region', { name: 'Answers' }).getByRole('article')
const bar = (page: Page): Locator => page.getByRole('region', { name: 'Vote and view' })

async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).press('Control+Enter')
  for (const pane of await panes(page).all())
    await expect(pane.getByText('Finished', { exact: true })).toBeVisible()
}

const texts = async (page: Page): Promise<string[]> =>
  Promise.all((await panes(page).all()).map((pane) => pane.innerText()))

test('train, compare blind, vote by key, and the votes become preference data', async ({ page, studio }) => {
  await trainElle(page, studio)
  await page.goto('/playground')
  await expect(page.getByText('Matches training')).toBeVisible()
  await expect(page.getByLabel('Answer statistics')).toHaveCount(0)
  await expectAccessible(page)

  await page.keyboard.press('b')
  await expect(page).toHaveURL(/blind=1/)
  await runToEnd(page)
  const blind = (await texts(page)).join(' ')
  for (const word of ['limerick-base', 'ft:', 'Base', 'Fine-tuned', 'tok/s'])
    expect(blind).not.toContain(word)
  await expect(page.getByRole('article', { name: 'Answer A' })).toBeVisible()
  await expect(bar(page).getByText('Which is better?')).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('2')
  await expect(bar(page).getByText(/^You chose /)).toBeVisible()
  await expect(page.getByRole('article', { name: /^Base limerick-base/ })).toBeVisible()
  await expect(page.getByRole('article', { name: /^Fine-tuned/ })).toBeVisible()
  await expect(
    bar(page).getByText(
      /^(Blind: [01] of 1 for Fine-tuned, \d+–\d+ %|Not blind: [01] of 1 for Fine-tuned)\.$/,
    ),
  ).toBeVisible()
  // A second vote is not taken.
  const chosen = await bar(page).getByRole('status').innerText()
  await page.keyboard.press('1')
  await expect(bar(page).getByRole('group', { name: 'Vote' })).toHaveCount(0)
  expect(await bar(page).getByRole('status').innerText()).toBe(chosen)

  await page.keyboard.press('d')
  // Word by word, or side by side where the two answers share too little.
  const second = panes(page).nth(1)
  await expect(
    second
      .locator('ins, del')
      .or(second.getByText(/^Little in common with the first answer/))
      .first(),
  ).toBeVisible()
  // A choice of views would have no effect on the differences.
  await expect(panes(page).nth(0).getByRole('group', { name: 'View of the answer' })).toBeVisible()
  await expect(second.getByRole('group', { name: 'View of the answer' })).toHaveCount(0)
  await expect(second.getByLabel('Answer statistics')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('d')

  const earlier = page.getByRole('region', { name: 'History' })
  await expect(earlier.getByRole('row', { name: /\(blind\)/ })).toBeVisible()
  await earlier.getByRole('button', { name: /^Preferences/ }).click()
  await page.getByRole('menuitem', { name: 'Create dataset from votes' }).click()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page).toHaveURL(/\/datasets\/data_/)
  await expect(page.getByRole('heading', { name: 'Preferences' })).toBeVisible()
  const exported = await download(studio, '/api/playground/preferences?format=openai')
  const [line = ''] = exported.toString().split('\n')
  expect(Object.keys(JSON.parse(line))).toEqual(['input', 'preferred_output', 'non_preferred_output'])
})

test('the address restores what was compared; a corrected answer becomes a row', async ({
  page,
  context,
}) => {
  await page.goto('/playground')
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Tell me about Helium')
  await runToEnd(page)
  await expect(page).toHaveURL(/c=cmp_/)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect(page.getByText('Link copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
  const before = await texts(page)
  await page.reload()
  await expect(panes(page).first().getByText('Finished', { exact: true })).toBeVisible()
  const bodies = (all: string[]) => all.map((text) => text.split('\n')[3])
  expect(bodies(await texts(page))).toEqual(bodies(before))

  await page.getByRole('button', { name: 'Run', exact: false }).first().focus()
  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog', { name: 'Save as an example' })
  await dialog.getByRole('textbox', { name: 'Answer' }).fill('He - is - a - noble - gas')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page).toHaveURL(/row=row_/)
  await expect(page.getByRole('textbox', { name: /assistant/i }).first()).toHaveValue(
    'He - is - a - noble - gas',
  )
})

test('an answer to a held-out question goes to training only with a word, and its row with it', async ({
  page,
  studio,
}) => {
  await page.goto('/playground')
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Tell me about Neon')
  await runToEnd(page)
  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog', { name: 'Save as an example' })
  // The dataset of the job: its split is locked.
  await expect(
    dialog.getByText(/^This question is held out \(row 11\), and a job has used this/),
  ).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Save anyway' })).toBeEnabled()

  const other = 'elle-for-larger-models'
  await dialog.getByRole('combobox', { name: 'Dataset' }).click()
  await page.getByRole('option', { name: other }).click()
  await expect(dialog.getByText(/^This question is held out \(row 11\)\. Once trained on, it/)).toBeVisible()
  await expect(dialog.getByRole('radio', { name: /^Move it to training/ })).toBeChecked()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  const datasets = await ask<DatasetSummary[]>(studio, '/api/datasets')
  expect(datasets.find(({ name }) => name === other)).toMatchObject({
    train: { examples: 11 },
    heldout: { examples: 29 },
  })
})

test('examples in the prompt, several samples, and a conversation that goes on', async ({ page }) => {
  await page.goto('/playground')
  const [base, tuned] = [panes(page).nth(0), panes(page).nth(1)]
  await base.getByRole('button', { name: 'Pane settings' }).click()
  await page.getByRole('textbox', { name: 'examples in the prompt' }).fill('2')
  await page.keyboard.press('Tab')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(base.getByText('2 examples')).toBeVisible()
  await expect(page).toHaveURL(/limerick-base%2B2/)

  await page.getByRole('textbox', { name: 'samples' }).fill('3')
  await page.getByRole('textbox', { name: 'temperature' }).first().fill('1')
  await page.keyboard.press('Tab')
  await runToEnd(page)
  await expect(tuned.getByText(/^3 answers, \d different/)).toBeVisible()
  await bar(page).getByRole('button', { name: '×3' }).click()
  await expectAccessible(page)

  await expect(page.getByRole('button', { name: 'Continue the conversation' })).toBeVisible()
  await page.getByRole('button', { name: 'Continue the conversation' }).click()
  await page.getByRole('textbox', { name: 'Prompt' }).fill('And what is it used for?')
  await expect(tuned.getByRole('list', { name: 'Earlier turns' })).toContainText('Tell me about')
  await runToEnd(page)

  await page.getByRole('textbox', { name: 'System' }).fill('You are Elle.')
  await page.getByRole('button', { name: 'Differs from training' }).click()
  await expect(page.getByText('Struck through: the training prompt.')).toBeVisible()
  await expectAccessible(page)
})

test('the next held-out question is one key away; a pane is asked again, and a vote taken back', async ({
  page,
}) => {
  await page.goto('/playground')
  const prompt = page.getByRole('textbox', { name: 'Prompt' })
  const before = await prompt.inputValue()
  const chips = page.getByRole('region', { name: 'Held-out questions' })
  const next = await chips.getByRole('button').nth(1).innerText()
  await page.keyboard.press('n')
  await expect(prompt).toHaveValue(next)
  expect(next).not.toBe(before)
  const [base, tuned] = [panes(page).nth(0), panes(page).nth(1)]
  for (const pane of [base, tuned]) await expect(pane.getByText('Finished', { exact: true })).toBeVisible()

  await tuned.getByRole('button', { name: 'Tokens', exact: true }).click()
  const tokens = tuned.getByRole('region', { name: /^Tokens with their probabilities/ })
  await tokens.focus()
  await page.keyboard.press('ArrowRight')
  await expect(tuned.getByRole('status').getByText(/%/).first()).toBeVisible()
  await expectAccessible(page)

  await base.getByRole('button', { name: 'Ask this pane again' }).click()
  await expect(base.getByText('Finished', { exact: true })).toBeVisible()
  await page.keyboard.press('2')
  await expect(bar(page).getByText(/^You chose /)).toBeVisible()
  await expect(base.getByRole('button', { name: 'Ask this pane again' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  await bar(page).getByRole('button', { name: 'Undo the vote' }).click()
  await expect(bar(page).getByText('Which is better?')).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('b')
  await expect(bar(page).getByRole('button', { name: 'Blind' })).toHaveAttribute('aria-pressed', 'true')
  await expect(bar(page).getByText('Names are hidden from the next answers on.')).toBeVisible()
  await page.keyboard.press('b')

  await page.getByRole('textbox', { name: 'samples' }).fill('3')
  await page.getByRole('textbox', { name: 'temperature' }).first().fill('1')
  await page.keyboard.press('Tab')
  await runToEnd(page)
  await bar(page).getByRole('button', { name: 'All', exact: true }).click()
  await expect(tuned.getByRole('heading', { name: 'Sample 3' })).toBeVisible()
  await expect(bar(page).getByText('Choose one sample to vote.')).toBeVisible()
  await expectAccessible(page)
})

test('after a blind vote the panes stand in their places again with the next question', async ({ page }) => {
  await page.goto('/playground')
  const first = panes(page).nth(0)
  await expect(first).toHaveAccessibleName(/^Base limerick-base/)
  await page.keyboard.press('b')
  // The order of a blind comparison is drawn: until it is the other one, nothing is seen of it.
  do {
    await runToEnd(page)
    await expect(first).toHaveAccessibleName('Answer A')
    await page.keyboard.press('1')
    await expect(bar(page).getByText(/^You chose /)).toBeVisible()
  } while (!(await first.getByRole('heading', { name: 'Fine-tuned' }).isVisible()))
  await page.keyboard.press('b')
  await runToEnd(page)
  await expect(first).toHaveAccessibleName(/^Base limerick-base/)
  await expect(panes(page).nth(1)).toHaveAccessibleName(/^Fine-tuned/)
})
