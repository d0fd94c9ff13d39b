import { ask } from './ask.ts'
import { expect, expectAccessible, tabTo, test } from './fixtures.ts'
import { PATIENT } from './train.ts'

const line = (question: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: 'A gas.' },
    ],
  })

test('a model is recorded by keyboard, a successor is compared with it, and the recording deleted', async ({
  page,
  studio,
}) => {
  const { id } = await ask<{ id: string }>(studio, '/api/datasets', { name: 'what to record' })
  await ask(studio, `/api/datasets/${id}/rows`, { line: line('What is neon?'), split: 'train' })
  await ask(studio, `/api/datasets/${id}/rows`, { line: line('What is argon?'), split: 'heldout' })

  await page.goto('/models')
  await page.getByRole('button', { name: 'More for limerick-base' }).click()
  await page.getByRole('menuitem', { name: 'Record answers' }).click()
  await expect(page).toHaveURL(/\/evals\/record\?/)
  await expect(page.getByRole('combobox', { name: /^Model/ })).toContainText('limerick-base')
  await page.getByRole('combobox', { name: 'Dataset' }).click()
  await page.getByRole('option', { name: 'what to record' }).click()
  await tabTo(page, page.getByRole('textbox', { name: /^Further prompts/ }))
  await page.keyboard.type('What is radon?')
  await tabTo(page, page.getByRole('textbox', { name: 'Longest answer' }))
  await page.keyboard.press('Control+A')
  await page.keyboard.type('16')
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('3 prompts')
  await expectAccessible(page)
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(/\/evals\/eval_/)
  const recording = page.url()
  await expect(page.getByRole('region', { name: 'Progress' }).getByText('Done')).toBeVisible(PATIENT)
  await expect(page.getByRole('region', { name: 'Answers by row' }).getByText('What is radon?')).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Compare a successor' }).click()
  await expect(page).toHaveURL(/\/evals\/new\?dataset=data_\w+&recording=eval_/)
  await expect(page.getByRole('combobox', { name: /^Model 1: limerick-base/ })).toBeVisible()
  await page.getByRole('combobox', { name: /^Model 3/ }).click()
  await page.getByRole('option', { name: /limerick-base/ }).click()
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('3 rows × 3 models')
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText(/of them cached/)
  await expectAccessible(page)

  await page.goto('/evals')
  await page.getByRole('link', { name: /^Recording of/ }).click()
  await expect(page).toHaveURL(recording)
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('alertdialog')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page).toHaveURL(/\/evals$/)
  await expect(page.getByRole('link', { name: /^Recording of/ })).toHaveCount(0)
})
