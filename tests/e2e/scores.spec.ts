import { expect, expectAccessible, test } from './fixtures.ts'
import { PATIENT, trainElle } from './train.ts'

test.use({ own: 'scores' })
test.describe.configure({ mode: 'serial' })

test('checkpoints are scored by themselves, the best is offered, and break-even is reckoned', async ({
  page,
  studio,
}) => {
  await trainElle(page, studio, { heldOut: 7, nEpochs: 2 })
  const scores = page.getByRole('region', { name: 'Checkpoints' })
  await expect(scores.getByText(/^Best: step \d+, \d+\/7 \(\d+–\d+ %\)\.$/)).toBeVisible(PATIENT)
  await expect(scores.getByRole('row').filter({ hasText: 'base' })).toContainText(
    /\d+\/7 · \d+ % \(\d+–\d+ %\)/,
  )
  await expect(
    scores.getByText(
      /^(It is the last step\.|Last: step 10, \d+\/7 ).*[Bb]ase model.*: \d+\/7.*\(p [<=] [\d.]+\)\.$/,
    ),
  ).toBeVisible()
  await expect(page.getByText(/^Held-out score with its 95 % interval/)).toBeVisible()
  const quiz = page.getByRole('region', { name: 'What did it forget?' })
  await quiz.getByRole('button', { name: 'Ask the questions' }).press('Enter')
  await expect(quiz.getByText(/^118 questions: base \d+, fine-tuned \d+\.$/)).toBeVisible(PATIENT)
  await expect(quiz.getByText(/^(Nothing was lost|\d+ lost, \d+ gained\.)/)).toBeVisible()
  const plot = page.getByRole('slider')
  await plot.press('End')
  await expect(plot).toHaveAttribute('aria-valuetext', /held-out \d+\/7, interval \d+–\d+ %$/)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Use it' }).first().press('Enter')
  await page.getByRole('menuitem', { name: 'Report', exact: true }).press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_\w+\/report$/)
  const answers = page.getByRole('region', { name: 'Answers' })
  await expect(answers.getByRole('heading', { name: 'Expected' })).toHaveCount(5)
  await expect(
    page
      .getByRole('region', { name: 'Scores' })
      .getByText(/^\d\/7$/)
      .first(),
  ).toBeVisible()
  await expect(page.getByRole('slider')).toBeVisible()
  await expectAccessible(page)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).press('Enter')
  expect((await download).suggestedFilename()).toMatch(/^elle-job-\d+\.html$/)
  await page
    .getByRole('navigation', { name: 'Breadcrumbs' })
    .getByRole('link', { name: 'elle' })
    .press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_\w+$/)

  await scores.getByRole('link', { name: 'All answers' }).press('Enter')
  await expect(page).toHaveURL(/\/evals\/eval_/)
  const worth = page.getByRole('region', { name: 'Is it worth it?' })
  await expect(
    worth.getByText(/free either way\..*Training cost \$0\.00; a call costs \$0\.000000/),
  ).toHaveCount(2)
  const base = worth.getByRole('row', { name: /^Base limerick-base/ })
  await expect(base).toContainText(/means of 7 answers.*\d+\/7 · \d+ % \(\d+–\d+ %\)/)
  await expect(worth.getByRole('row', { name: /^Base \+ 3 examples/ })).toContainText(
    /estimated from 7 answers.*not measured with this many/,
  )
  await worth.getByRole('slider', { name: 'Examples in the prompt' }).press('ArrowRight')
  await expect(worth.getByRole('row', { name: /^Base \+ 4 examples/ })).toBeVisible()

  const price = (side: string) =>
    worth.getByRole('group', { name: side }).getByRole('textbox', { name: 'Prompt' })
  await price('Fine-tuned, $ per million tokens').fill('3')
  await expect(
    worth.getByText(
      /(never pays off in money|more a call for \d+ % instead of \d+ %)\..*a call costs \$0\.000000 without it and \$0\.000\d+ fine-tuned/,
    ),
  ).toHaveCount(2)
  await price('Base, $ per million tokens').fill('90')
  await expect(
    worth.getByText(/every call saves money, from the first one\..*: \$0\.0\d+ saved, \$\d+\.\d\d per day\./),
  ).toHaveCount(2)
  await worth.getByRole('button', { name: 'As if on gpt-4o-mini' }).click()
  await expect(price('Base, $ per million tokens')).toHaveValue('0.15')
  await expect(price('Fine-tuned, $ per million tokens')).toHaveValue('0.3')
  await expect(worth.getByRole('textbox', { name: 'Training, $' })).toHaveValue(/^0\.00\d+$/)
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBe(390)
})
