import type { Locator, Page } from '@playwright/test'
import type { Job } from '#lib/jobs/schema.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, tabTo, test } from './fixtures.ts'
import { expectTrained, PATIENT, trainElle } from './train.ts'

// Fixes are counted over everything that was corrected.
test.use({ own: 'evals' })
test.describe.configure({ mode: 'serial' })

const rows = (page: Page): Locator => page.getByRole('region', { name: 'Answers by row' })
const bar = (page: Page): Locator => page.getByRole('region', { name: 'Fixes and view' })

async function pressAt(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Starts an evaluation of the run and waits until all its answers are in. */
async function evaluate(page: Page, run: string): Promise<void> {
  await page.goto(`/evals/new?job=${run}`)
  await expect(page.getByRole('combobox', { name: /^Model 1: limerick-base/ })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Few-shot examples: Base + 3 examples' })).toHaveValue('3')
  await expect(page.getByRole('combobox', { name: /^Model 3: elle · job 1/ })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Grader 1' })).toHaveText('Limerick')
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText(/\d+ answers/)
  await expectAccessible(page)
  await tabTo(page, page.getByRole('textbox', { name: 'Limit' }))
  await page.keyboard.press('Control+A')
  await page.keyboard.type('6')
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('6 rows × 3 models')
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(/\/evals\/eval_/)
  await expect(page.getByRole('region', { name: 'Progress' }).getByText('Done')).toBeVisible(PATIENT)
}

test('evaluate a run, look at what got worse, correct it, and launch the next version', async ({
  page,
  studio,
}) => {
  await page.goto('/evals')
  await expect(page.getByText('No evaluations yet.')).toBeVisible()
  await expectAccessible(page)
  const run = await trainElle(page, studio, { heldOut: 7, nEpochs: 2 })
  await evaluate(page, run)

  const scores = page.getByRole('region', { name: 'Scores' })
  await expect(scores.getByRole('row', { name: /^Fine-tuned/ })).toContainText(
    /\d+\/\d+ · \d+ % \(\d+–\d+ %\)/,
  )
  // Two graders judge limericks about elements.
  await expect(rows(page).getByText(/^(Not passed|Passed|1 of 2)$/)).toHaveCount(18)
  await expectAccessible(page)

  await tabTo(page, rows(page).getByRole('button', { name: 'In order' }))
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/sort=regressions/)
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/row=/)
  const row = page.getByRole('region', { name: /^Row \d+$/ })
  await expect(row.getByRole('region', { name: 'Expected' })).toBeVisible()
  await expect(row.getByRole('article')).toHaveCount(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('k')
  await page.keyboard.press('d')
  await expect(row.locator('ins, del').first()).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('f')
  const dialog = page.getByRole('dialog', { name: /^Correct the answer to row/ })
  const answer = dialog.getByRole('textbox', { name: 'Correct answer' })
  await expect(answer).not.toHaveValue('')
  await expectAccessible(page)
  await tabTo(page, dialog.getByRole('textbox', { name: /^Why/ }))
  await page.keyboard.type('It did not rhyme')
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toHaveCount(0)
  await expect(bar(page).getByText(/^v2 = v1 \+ 1 fix: train it\?$/)).toBeVisible()
  await expect(row.getByText('Why: It did not rhyme')).toBeVisible()
  await expectAccessible(page)

  await pressAt(page, bar(page).getByRole('link', { name: 'Train' }))
  await expect(page).toHaveURL(/\/jobs\/new\?dataset=data_\w+&from=run_/)
  await expect(page.getByRole('combobox', { name: 'Base model' })).toContainText('limerick-base')
  await expect(page.getByText(/Changed from job 1/)).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
})

test('the next version stands beside the one before it', async ({ page, studio }) => {
  const [{ id } = {}] = await ask<Partial<Job>[]>(studio, '/api/jobs')
  await page.goto(`/jobs/${id}`)
  await expectTrained(page)
  // On rows that neither was trained on: the corrected one is left out, with its reason.
  await page.goto(`/evals/new?job=${id}`)
  await expect(page.getByRole('combobox', { name: /^Model 4: elle · job/ })).toBeVisible()
  await expect(page.getByText('1 row is left out')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('region', { name: 'Progress' }).getByText('Done')).toBeVisible(PATIENT)
  await expect(
    page
      .getByRole('region', { name: 'Scores' })
      .getByText(/ passes \d+ (more|fewer) of \d+ rows than | pass the same number of \d+ rows/),
  ).toBeVisible()
  await expectAccessible(page)
})

test('a list tells what is memorised from what is learnt; a form that cannot start says why', async ({
  page,
}) => {
  await page.goto('/evals')
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('held out')
  const scores = page.getByRole('columnheader', { name: 'Score by model' })
  await pressAt(page, scores.getByRole('button'))
  await expect(scores).toHaveAttribute('aria-sort', 'descending')
  await expect(page).toHaveURL(/sort=score/)
  await page.keyboard.press('/')
  await page.keyboard.type('no such data')
  await expect(page.getByText('No evaluations match.')).toBeVisible()
  await expectAccessible(page)
  await pressAt(page, page.getByRole('button', { name: 'Show all evaluations' }))
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('held out')
  await pressAt(page, page.getByRole('link', { name: 'New evaluation' }))
  await tabTo(page, page.getByRole('radio', { name: /^Held out/ }))
  await page.keyboard.press('ArrowDown')
  await expect(page.getByText('the score shows what was memorised').first()).toBeVisible()
  await pressAt(page, page.getByRole('button', { name: 'Add model' }))
  const start = page.getByRole('button', { name: 'Start', exact: false })
  await expect(start).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByText('Choose a model in every line.').first()).toBeVisible()
  await expectAccessible(page)
})
