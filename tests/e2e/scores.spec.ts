import { expect, expectAccessible, test } from './fixtures.ts'
import { trainElle } from './train.ts'

test.use({ own: 'scores' })

test('checkpoints are scored by themselves, the best is offered, and break-even is reckoned', async ({
  page,
}) => {
  await page.goto('/')
  await trainElle(page, 6)
  const scores = page.getByRole('region', { name: 'Scores of the checkpoints' })
  await expect(scores.getByText(/^Step \d+ answers best: \d+ of 30, \d+–\d+ %\.$/)).toBeVisible({
    timeout: 90_000,
  })
  await expect(scores.getByRole('row').filter({ hasText: 'base' })).toContainText(
    /\d+\/30, \d+ % \(\d+–\d+ %\)/,
  )
  await expect(page.getByText('Held-out score')).toBeVisible()
  await expectAccessible(page)
  const download = page.waitForEvent('download')
  await scores.getByRole('link', { name: 'Run card' }).click()
  expect((await download).suggestedFilename()).toBe('run-card.html')

  await scores.getByRole('link', { name: 'All answers' }).press('Enter')
  await expect(page).toHaveURL(/\/evals\/eval_/)
  const worth = page.getByRole('region', { name: 'Worth it?' })
  await expect(worth.getByText('neither training nor calls cost anything here.').first()).toBeVisible()
  await worth.getByRole('textbox', { name: 'Fine-tuned, $ per million: input' }).fill('3')
  await page.keyboard.press('Tab')
  await expect(
    worth.getByText(/it never pays\. A call of the fine-tuned model costs \$0\.000\d+ more\./).first(),
  ).toBeVisible()
  await worth.getByRole('textbox', { name: 'Base, $ per million: input' }).fill('90')
  await page.keyboard.press('Tab')
  await expect(
    worth.getByText(/training cost nothing, and every call saves \$0\.00\d+/).first(),
  ).toBeVisible()
  await expectAccessible(page)
})
