import type { Page } from '@playwright/test'
import { toFile } from 'openai'
import type { Job } from '#lib/jobs/schema.ts'
import { ask } from './ask.ts'
import { expect, expectAccessible, tabTo, test } from './fixtures.ts'
import { launchElle, PATIENT } from './train.ts'

// What is archived and deleted here others would miss.
test.use({ own: 'organise-jobs' })
test.describe.configure({ mode: 'serial' })

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

test('jobs are named, tagged, archived and deleted, one by one and together', async ({ page, studio }) => {
  const jobs: Job[] = []
  for (const suffix of ['exp-2', 'exp-11', 'exp-1'])
    jobs.push(await launchElle(studio, { suffix, nEpochs: 1, batchSize: 5 }))
  const [second] = jobs
  for (const { id } of jobs)
    await expect
      .poll(async () => (await ask<Job>(studio, `/api/jobs/${id}`)).status, PATIENT)
      .toBe('succeeded')

  await page.goto('/jobs?sort=name')
  const names = async () =>
    (await page.getByRole('table').getByRole('link').allInnerTexts()).map((text) => text.split(/\s/)[0])
  await expect.poll(names).toEqual(['exp-1', 'exp-2', 'exp-11'])

  // Its own name, by keyboard.
  await page.getByRole('button', { name: /^Actions of job exp-2 / }).press('Enter')
  await page.getByRole('menuitem', { name: 'Name, tags and note' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox', { name: /^Name/ })).toBeFocused()
  await page.keyboard.type('The good one')
  await dialog.getByRole('textbox', { name: /^Tags/ }).fill('rate 2, keep')
  await dialog.getByRole('textbox', { name: /^Note/ }).fill('Half the rate of the one before')
  await expectAccessible(page)
  await dialog.getByRole('textbox', { name: /^Tags/ }).press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(row(page, 'The good one')).toBeVisible()
  await page.getByRole('search').getByRole('button', { name: 'Tag' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'keep 1' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/tag=keep/)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Clear filters' }).click()

  // A click anywhere in the row opens its job.
  const line = await row(page, 'The good one').boundingBox()
  if (!line) throw new Error('The row is not in sight.')
  await page.mouse.click(line.x + line.width * 0.7, line.y + line.height / 2)
  await expect(page).toHaveURL(new RegExp(`/jobs/${second?.id}`))
  await expect(page.getByRole('heading', { name: 'The good one' })).toBeVisible()
  await expect(page.getByText('Half the rate of the one before')).toBeVisible()
  await page.goBack()

  // Together: tagged, archived, and back.
  await page.getByRole('checkbox', { name: 'Select all jobs on this page' }).check()
  const tray = page.getByRole('region', { name: 'Selected jobs' })
  await expect(tray).toContainText('3 jobs')
  await tray.getByRole('button', { name: 'Tags' }).click()
  await dialog.getByRole('textbox', { name: /^Add tags/ }).fill('lesson')
  await dialog.getByRole('checkbox', { name: 'keep' }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await tray.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('All jobs are archived.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(names).toHaveLength(3)

  // What depends on a job is named before it is deleted, once nothing asks its models any more.
  for (const { id } of jobs)
    await expect
      .poll(async () => (await ask<Job[]>(studio, '/api/jobs')).find((job) => job.id === id)?.score, PATIENT)
      .toBeTruthy()
  for (const name of ['exp-1 ', 'exp-11 '])
    await page.getByRole('checkbox', { name: new RegExp(`^Select job ${name}`) }).check()
  await tray.getByRole('button', { name: 'Delete' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText(/\d models and checkpoints on this computer are deleted too\./)
  await expectAccessible(page)
  await question.getByRole('button', { name: 'Delete 2 jobs' }).click()
  await expect(question).toHaveCount(0)
  await expect.poll(names).toEqual(['The'])
  await page.reload()
  await expect.poll(names).toEqual(['The'])

  // From its own page, by keyboard alone.
  await page.goto(`/jobs/${second?.id}`)
  const more = page.getByRole('button', { name: 'More', exact: true })
  await tabTo(page, more)
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
  // Enabled once it is known what depends on the job.
  const confirm = question.getByRole('button', { name: 'Delete 1 job' })
  await expect(confirm).toBeEnabled()
  await confirm.press('Enter')
  await expect(page).toHaveURL(/\/jobs$/)
  await expect(page.getByText(/^No jobs yet/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'New job' })).toHaveCount(1)
})

test('a failed job leads with the line and our sentence, and nothing is cut from 768 px on', async ({
  page,
  studio,
}) => {
  const good = Array.from({ length: 9 }, (_, n) => [
    { role: 'user', content: `Question ${n}` },
    { role: 'assistant', content: `Answer ${n}` },
  ])
  const rows = [...good, [{ content: 'No role' }, { role: 'assistant', content: 'Answer' }]]
  const text = rows.map((messages) => JSON.stringify({ messages })).join('\n')
  const sdk = studio.sdk()
  const file = await sdk.files.create({
    purpose: 'fine-tune',
    file: await toFile(Buffer.from(text), 'broken.jsonl'),
  })
  const suffix = 'a-name-of-more-letters'
  await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: file.id, suffix })
  await page.goto('/jobs')
  const failed = row(page, suffix)
  await expect(failed).toContainText(/Line 10: /, PATIENT)
  for (const width of [768, 900, 1024, 1101, 1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 })
    const cut = await page.evaluate(() => {
      const table = document.querySelector('table')
      const box = table?.parentElement
      return table && box ? table.getBoundingClientRect().width - box.getBoundingClientRect().width : -1
    })
    expect(Math.round(cut), `at ${width} px`).toBe(0)
  }
  await failed.getByRole('link').click()
  await expect(page.getByRole('alert').first()).toContainText(/Line 10: /)
})
