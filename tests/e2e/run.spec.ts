import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './fixtures.ts'
import { expectTrained, launchElle, PATIENT } from './train.ts'

// What the list holds depends on what was trained.
test.use({ own: 'runs' })
test.describe.configure({ mode: 'serial' })

const plot = (page: Page) => page.getByRole('slider')

test('a run: watched, a step’s rows, zoomed, compared, all by keyboard', async ({ page, studio }) => {
  const { id } = await launchElle(studio)
  await page.goto(`/jobs/${id}`)
  await expectTrained(page)
  const stages = page.getByRole('list', { name: 'Stages of the job' }).getByRole('listitem')
  await expect(stages).toContainText([/^Validated/, /^Queued/, /^Trained/, /^Succeeded/])
  await expect(plot(page)).toBeVisible()

  await plot(page).focus()
  await page.keyboard.press('End')
  await expect(plot(page)).toHaveAttribute('aria-valuenow', '20')
  await page.keyboard.press('ArrowLeft')
  await expect(plot(page)).toHaveAttribute('aria-valuetext', /Step 19, epoch 4, train \d/)
  await page.keyboard.press('Enter')
  const panel = page.getByRole('region', { name: 'Step 19 · epoch 4' })
  // Two rows a step, each with a loss of its own, and their text from the version that was sent.
  await expect(panel.getByRole('link', { name: /^Tell me about/ })).toHaveCount(2)
  const whole = Number(/([\d.]+) of the whole step/.exec((await panel.innerText()) ?? '')?.[1])
  const own = await panel.getByRole('row').last().getByRole('cell').last().innerText()
  expect(whole).toBeGreaterThan(0)
  await expect(panel.getByText('Gradient norm')).toBeVisible()
  expect(Number(own)).toBeGreaterThanOrEqual(0)
  await expect(page).toHaveURL(/step=19/)

  await plot(page).focus()
  await page.keyboard.press('End')
  for (let press = 0; press < 9; press++) await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/from=11&to=20|to=20.*from=11/)
  await expect(plot(page)).toHaveAttribute('aria-valuemin', '11')
  await page.reload()
  await expect(plot(page)).toHaveAttribute('aria-valuemin', '11')
  await page.getByRole('button', { name: 'Reset zoom' }).click()
  await expect(plot(page)).toHaveAttribute('aria-valuemin', '1')

  const events = page.getByRole('region', { name: 'Events', exact: true })
  await events.getByRole('searchbox').fill('completed')
  await expect(events.getByText('The job has successfully completed')).toBeVisible()
  await expect(events.getByText(/^Step 3/)).toHaveCount(0)
  await expectAccessible(page)

  await plot(page).focus()
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/playground\?job=/)
})

test('a run is paused, found as such, and resumed; its checkpoint is trained further', async ({
  page,
  studio,
}) => {
  const { id, number } = await launchElle(studio, { suffix: 'paused', nEpochs: 50, batchSize: 1 })
  await page.goto(`/jobs/${id}`)
  await expect(page.getByText(/^Step \d+\/500/).first()).toBeVisible(PATIENT)
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  const resume = page.getByRole('button', { name: 'Resume', exact: true })
  await expect(resume).toBeVisible(PATIENT)
  const stages = page.getByRole('list', { name: 'Stages of the job' })
  await expect(stages.getByText('Paused')).toBeVisible()
  await expect(page.getByText(/^Fine-tuning job paused at step \d+/)).toBeVisible()
  await expectAccessible(page)

  await page.goto('/jobs?state=paused')
  await expect(page.getByRole('row').filter({ hasText: `paused ${number}` })).toBeVisible()
  await page.goto(`/jobs/${id}`)
  await resume.click()
  await expect(page.getByText(/^Fine-tuning job resumed from step \d+/)).toBeVisible(PATIENT)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Stop and keep the checkpoint' }).click()
  await page.getByRole('button', { name: 'Stop and keep' }).click()
  await expect(page.getByText('Fine-tuning job cancelled').first()).toBeVisible(PATIENT)
  const checkpoints = page.getByRole('region', { name: 'Checkpoints' })
  await checkpoints
    .getByRole('button', { name: /^More for step \d+$/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Train further' }).click()
  await expect(page.getByRole('combobox', { name: 'Base model' })).toContainText(
    /^paused · job \d+ · step \d+/,
  )
  await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('2')
  await page.getByRole('textbox', { name: 'Early stopping' }).fill('2')
  await expect(page.getByText(/ends after 2 epochs in a row/)).toBeVisible()
  await page.getByRole('button', { name: 'Start training' }).click()
  const configuration = page.getByRole('region', { name: 'Configuration' })
  await expect(configuration.getByText('after 2 validations without a new best')).toBeVisible(PATIENT)
  await expectTrained(page)
})

test('a run that is stopped for what it has learnt leaves a model that answers', async ({ page, studio }) => {
  const { id } = await launchElle(studio, { suffix: 'stopped', nEpochs: 50, batchSize: 1 })
  await page.goto(`/jobs/${id}`)
  await expect(page.getByText(/^Step \d+\/500/).first()).toBeVisible(PATIENT)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Stop and keep the checkpoint' }).click()
  await page.getByRole('button', { name: 'Stop and keep' }).click()
  await expect(page.getByText('Fine-tuning job cancelled').first()).toBeVisible(PATIENT)
  const stages = page.getByRole('list', { name: 'Stages of the job' }).getByRole('listitem')
  await expect(stages).toContainText([
    /^Validated/,
    /^Queued/,
    /^Training.*of 500 steps/,
    /^Cancelled.*kept$/,
  ])
  const kept = page.getByRole('region', { name: 'Checkpoints' }).getByRole('row')
  await expect(kept.nth(1)).toBeVisible()
  await expect(page.getByRole('link', { name: /^Compare/ }).first()).toHaveAttribute('href', /ckpt-step-/)
  await expectAccessible(page)
})

test('runs are found, put in order and laid over each other', async ({ page, studio }) => {
  const { number } = await launchElle(studio, { suffix: 'short', nEpochs: 2 })
  await page.goto('/jobs')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(row('short').getByText('Succeeded')).toBeVisible(PATIENT)

  await page.keyboard.press('/')
  await page.keyboard.type('short')
  await expect(page).toHaveURL(/q=short/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(row('stopped')).toBeVisible()
  await page.getByRole('button', { name: 'Final' }).click()
  await expect(page).toHaveURL(/sort=loss/)
  await expect(page.getByRole('columnheader', { name: 'Final' })).toHaveAttribute('aria-sort', 'ascending')
  await page.goBack()
  await expect(page).not.toHaveURL(/sort=/)

  for (const name of ['short', 'elle'])
    await page.getByRole('checkbox', { name: new RegExp(`^Select job ${name} `) }).check()
  await expect(page.getByText('2 jobs')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('c')

  await expect(page).toHaveURL(/\/jobs\/compare\?runs=/)
  const settings = page.getByRole('region', { name: 'Settings' }).first()
  await expect(settings.getByRole('row').filter({ hasText: 'Epochs' })).toContainText('2')
  await expect(settings.getByText('Base model', { exact: true })).toHaveCount(0)
  await expect(page.getByText(`The same rows as short ${number}.`)).toBeVisible()
  await page.getByRole('button', { name: 'Epoch', exact: true }).click()
  await expect(page.getByRole('slider')).toBeVisible()
  await page.getByRole('button', { name: `Hide short ${number}` }).click()
  await expect(page.getByRole('button', { name: `Show short ${number}` })).toBeVisible()
  await expectAccessible(page)
})
