import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import type { DatasetView } from '#lib/datasets/schema.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'
import { ask, download } from './ask.ts'
import { expect, expectAccessible, test as plain } from './fixtures.ts'

/** A product beside a server that trains for money, and tells everything that it was asked. */
const test = plain.extend<object, { provider: TrainingProvider }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const provider = await startTrainingProvider()
      provider.models.push({ id: 'gpt-4o-mini-2024-07-18', object: 'model', created: 1 })
      await use(provider)
      await provider.close()
    },
    { scope: 'worker' },
  ],
  studio: [
    async ({ provider }, use) => {
      const env = { OPENAI_BASE_URL: provider.baseURL, OPENAI_API_KEY: provider.key }
      const studio = await startStudio({ env })
      await use(studio)
      await discard(studio)
    },
    { scope: 'worker' },
  ],
})

test.use({ own: 'launch' })
test.describe.configure({ mode: 'serial' })

/** What a million trained tokens costs at the server, and what may be spent there. */
async function charge(studio: Studio, dollars: number, cap: number | null = null): Promise<void> {
  const perMillion = dollars * 1_000_000
  const price = { providerId: 'compatible', model: '', perMillion, asOf: '2026-11-22', source: 'a contract' }
  await ask(studio, '/api/providers/prices', price, 'PUT')
  const limits = { providerId: 'compatible', monthlyCap: cap && cap * 1_000_000, confirmAbove: 5_000_000 }
  await ask(studio, '/api/providers/spending', limits, 'PUT')
}

const newest = async (studio: Studio): Promise<Job | undefined> => (await ask<Job[]>(studio, '/api/jobs'))[0]

/** A page that listens already: a key that is pressed before is lost. */
const open = (page: Page, path: string) => page.goto(path, { waitUntil: 'networkidle' })

const startButton = (page: Page): Locator => page.getByRole('button', { name: /^Start training/ })

/** Types into a field as a hand does: what was in it is gone. */
async function type(field: Locator, text: string): Promise<void> {
  await field.focus()
  await field.press('ControlOrMeta+a')
  await field.press('Backspace')
  await field.pressSequentially(text)
  await field.press('Tab')
}

/** From the built-in engine to the server, by arrow key. */
async function elsewhere(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^Built-in engine/ }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: /^127\.0\.0\.1/ })).toBeChecked()
}

test('a draft outlives a reload as it was typed, and is let go', async ({ page }) => {
  await open(page, '/jobs/new')
  const suffix = page.getByLabel(/^Name/)
  await type(suffix, 'My Limericks')
  await type(page.getByLabel('Epochs', { exact: true }), '7')
  await expect(page.getByText('Use lowercase letters, digits and hyphens.')).toBeVisible()
  await expect(startButton(page)).toBeDisabled()

  await page.reload({ waitUntil: 'networkidle' })
  await expect(page.getByText('Draft saved')).toBeVisible()
  await expect(suffix).toHaveValue('My Limericks')
  await expect(page.getByLabel('Epochs', { exact: true })).toHaveValue('7')
  await page.getByRole('button', { name: 'Use "my-limericks"' }).press('Enter')
  await expect(suffix).toHaveValue('my-limericks')
  await expect(page.getByText(/ft:limerick-base:limerick:my-limericks:/)).toBeVisible()
  await expect(startButton(page)).toBeEnabled()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Start over' }).press('Enter')
  await expect(suffix).toHaveValue('elle')
  await page.reload({ waitUntil: 'networkidle' })
  await expect(page.getByText(/^Train limerick-base/)).toBeVisible()
  await expect(page.getByText('Draft saved')).toHaveCount(0)
})

test('the code is the request that the form sends', async ({ page, studio, provider }) => {
  await charge(studio, 1)
  await open(page, '/jobs/new')
  await elsewhere(page)
  await type(page.getByLabel('Epochs', { exact: true }), '2')
  await type(page.getByLabel('Seed', { exact: true }), '38')
  await type(page.getByLabel(/^Name/), 'elle')
  await page.getByRole('button', { name: 'Python' }).press('Enter')
  await expect(page.getByRole('figure', { name: 'Python' })).toContainText('"n_epochs": 2')
  await page.getByRole('button', { name: 'curl', exact: true }).press('Enter')
  const curl = (await page.getByRole('figure', { name: 'curl' }).textContent()) ?? ''
  expect(curl).toContain(`URL=${provider.baseURL}`)
  expect(curl).toContain('$OPENAI_API_KEY')
  expect(curl).not.toContain(provider.key)
  await expectAccessible(page)

  const address = /-o train\.jsonl \\\n {2}"(\S+)"/.exec(curl)?.[1] ?? ''
  const rows = (await download(studio, address.slice(studio.url.length))).toString().trim().split('\n')
  expect(rows).toHaveLength(10)

  const before = provider.creations.length
  await page.getByRole('button', { name: 'Form', exact: true }).press('Enter')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
  expect(provider.creations).toHaveLength(before + 1)
  const { metadata, training_file, validation_file, ...sent } = provider.creations[before] ?? {}
  const [, shown = ''] = /<<BODY\n([\s\S]*?)\nBODY/.exec(curl) ?? []
  expect({ ...sent, training_file: '$TRAIN', validation_file: '$VALID' }).toEqual(JSON.parse(shown))
  expect(sent).toMatchObject({ suffix: 'elle', seed: 38 })

  // What became a run is no draft any more.
  await open(page, '/jobs/new')
  await expect(page.getByText(/^Train limerick-base/)).toBeVisible()
  await expect(page.getByText('Draft saved')).toHaveCount(0)
})

test('a run is taken over, and every difference is told', async ({ page, studio }) => {
  const number = (await newest(studio))?.number
  await open(page, '/jobs/new')
  await page.getByRole('button', { name: 'Copy settings from a job' }).press('Enter')
  await page.getByRole('menuitem', { name: `elle ${number}` }).press('Enter')
  await expect(page).toHaveURL(/from=run_/)
  await expect(page.getByText(`The same settings as job ${number}.`)).toBeVisible()
  await expect(page.getByRole('radio', { name: /^127\.0\.0\.1/ })).toBeChecked()
  await type(page.getByLabel('Epochs', { exact: true }), '5')
  await type(page.getByLabel('Seed', { exact: true }), '')
  await expect(page.getByText(/^Changed from job/)).toHaveText(
    `Changed from job ${number}: seed \u206838\u2069 → \u2068–\u2069, epochs \u20682\u2069 → \u20685\u2069`,
  )
  await expectAccessible(page)
})

test('a sum above the limit is named and asked for; the same intent is sent once', async ({
  page,
  studio,
  provider,
}) => {
  await charge(studio, 1000)
  const before = provider.creations.length
  await open(page, '/jobs/new')
  await elsewhere(page)
  await expect(page.getByText(/costs about \$8\.18/)).toBeVisible()
  await startButton(page).press('Enter')
  const dialog = page.getByRole('alertdialog', { name: 'Spend this much?' })
  await expect(dialog).toContainText('127.0.0.1')
  await expect(dialog).toContainText('about $8.18')
  await expect(dialog).toContainText('over your $5.00 confirmation limit')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  expect(provider.creations).toHaveLength(before)

  await startButton(page).press('Enter')
  await dialog.getByRole('button', { name: 'Spend $8.18' }).press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
  expect(provider.creations).toHaveLength(before + 1)
  expect(JSON.stringify(provider.creations[before])).toContain((await newest(studio))?.id)
})

test('a cap that is set refuses what passes it, and leads back to the cap', async ({
  page,
  studio,
  provider,
}) => {
  await charge(studio, 100)
  const before = provider.creations.length
  await open(page, '/providers')
  await page.getByRole('button', { name: 'Change limits' }).press('Enter')
  await type(page.getByLabel('Monthly limit'), '8')
  await page.getByLabel('Monthly limit').press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('cell', { name: '$8.00' })).toBeVisible()
  await expectAccessible(page)

  await open(page, '/jobs/new')
  await elsewhere(page)
  await expect(page.getByText(/of \$8\.00 this month/)).toBeVisible()
  await startButton(page).press('Enter')
  const refusal = page.getByRole('alert').filter({ hasText: 'Over the monthly limit' })
  await expect(refusal).toContainText('$0.82')
  await expect(refusal).toContainText('the limit of $8.00 a month')
  await expectAccessible(page)
  expect(provider.creations).toHaveLength(before)
  await refusal.getByRole('link', { name: 'Change limits' }).press('Enter')
  await expect(page).toHaveURL(/\/providers/)
  await charge(studio, 1)
})

test('a platform that is closed is explained with its dates, and the same data trains here', async ({
  page,
  provider,
}) => {
  provider.faults.creation = 'closed'
  await open(page, '/jobs/new')
  await elsewhere(page)
  const sentence = page.getByRole('region', { name: 'Summary' })
  await expect(sentence).toContainText('on elle: 10 rows')
  await startButton(page).press('Enter')
  await expect(page.getByText(/everyone on 2027-01-06/)).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Train the same data on the built-in engine' }).press('Enter')
  await expect(page.getByRole('radio', { name: /^Built-in engine/ })).toBeChecked()
  await expect(sentence).toContainText('Train limerick-base on elle: 10 rows')
  await expect(sentence).toContainText(/about \d+ s, costs \$0\.00 here, and keeps the last 3 checkpoints/)
  await startButton(page).press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
  provider.faults.creation = 'answers'
})

test('a provider that refuses the key is left alone until a person asks again', async ({
  page,
  provider,
}) => {
  provider.faults.refusal = { status: 401, code: 'invalid_api_key' }
  await open(page, '/providers')
  await page.getByRole('button', { name: 'Check again' }).first().press('Enter')
  await expect(page.getByText(/^The provider refused the key at \d\d:\d\d/)).toBeVisible()
  await expectAccessible(page)

  await open(page, '/jobs/new')
  await elsewhere(page)
  await expect(startButton(page)).toBeDisabled()
  await expect(page.getByText(/^Nothing is sent to the provider for now/).first()).toBeVisible()
  await expectAccessible(page)

  provider.faults.refusal = null
  await open(page, '/providers')
  const list = page.getByRole('region', { name: 'Providers', exact: true })
  await list.getByRole('button', { name: 'Check again' }).press('Enter')
  await expect(page.getByText(/^The provider refused the key at/)).toHaveCount(0)
  await expect(list.getByText('Online', { exact: true })).toHaveCount(2)
})

test('a launch whose answer was lost on the way to the page is the same run when it is sent again', async ({
  page,
  studio,
  provider,
}) => {
  await charge(studio, 1)
  const before = provider.creations.length
  await open(page, '/jobs/new')
  await elsewhere(page)
  await page.route('**/api/jobs', async (route) => {
    if (route.request().method() === 'POST') await route.fetch()
    await route.abort()
  })
  await startButton(page).press('Enter')
  await expect(page.getByText('Limerick does not respond. Is it still running?')).toBeVisible()
  await page.unroute('**/api/jobs')

  await page.reload({ waitUntil: 'networkidle' })
  await expect(page.getByText('Draft saved')).toBeVisible()
  await startButton(page).press('Enter')
  await expect(page).toHaveURL(`${studio.url}/jobs/${(await newest(studio))?.id}`)
  expect(provider.creations).toHaveLength(before + 1)
})

test('the split of rows that a job was given is locked where it is shown, and free in a copy', async ({
  page,
  studio,
}) => {
  const datasetId = (await newest(studio))?.datasetId
  await open(page, `/datasets/${datasetId}`)
  const row = page.getByRole('region', { name: 'The row' })
  const side = (name: string) =>
    row.getByRole('group', { name: 'Used for' }).getByRole('button', { name, exact: true })
  await expect(side('Held out')).toBeDisabled()
  await row.getByRole('group', { name: 'Used for' }).hover()
  await expect(page.locator('[data-tooltip]')).toContainText('so the split is locked')
  await page.keyboard.press('t')
  await expect(page.getByText('10 training, 30 held out')).toBeVisible()

  await row.getByRole('button', { name: 'Copy to a new dataset' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'elle copy' })).toBeVisible()
  await expect(side('Held out')).toBeEnabled()
  await page.keyboard.press('t')
  await expect(page.getByText('9 training, 31 held out')).toBeVisible()
  const { dataset } = await ask<DatasetView>(studio, `/api/datasets/${datasetId}`)
  expect([dataset.train.examples, dataset.heldout.examples]).toEqual([10, 30])
})

test('an earlier version is trained on again, and what is said of it is about its rows', async ({
  page,
  studio,
}) => {
  const datasetId = (await newest(studio))?.datasetId
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'Tell me about Unobtainium' },
      { role: 'assistant', content: 'There is none of it.' },
    ],
  })
  await ask(studio, `/api/datasets/${datasetId}/rows`, { line })
  await open(page, `/jobs/new?dataset=${datasetId}`)
  const sentence = page.getByRole('region', { name: 'Summary' })
  await expect(sentence).toContainText('on elle: 11 rows')
  await expect(page.getByText(/Starting saves the rows as version 2\./)).toBeVisible()
  await page.getByRole('combobox', { name: 'Rows' }).press('Enter')
  await page.getByRole('option', { name: /^Version 1/ }).press('Enter')
  await expect(sentence).toContainText('on elle: 10 rows')
  await expect(page.getByText(/The job trains on version 1\./)).toBeVisible()
  await expectAccessible(page)
  await startButton(page).press('Enter')
  await expect(page).toHaveURL(/\/jobs\/run_/)
  expect((await newest(studio))?.datasetVersion).toMatchObject({ number: 1 })
})

test('several values of two settings are launched at once', async ({ page, studio }) => {
  await open(page, '/jobs/new')
  const values = page.getByRole('region', { name: 'Several values' })
  await type(values.getByLabel('Epochs to try'), '1, x')
  await expect(values.getByRole('alert')).toContainText('Write numbers')
  await expect(page.getByRole('button', { name: /^Start/ })).toBeDisabled()
  await type(values.getByLabel('Epochs to try'), '1, 2')
  await type(values.getByLabel('Rate multipliers to try'), '0.5')
  await expect(values.getByRole('listitem')).toHaveCount(2)
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Start 2 jobs/ }).press('Enter')
  await expect(page).toHaveURL(/\/jobs$/)
  const jobs = await ask<Job[]>(studio, '/api/jobs')
  expect(jobs.slice(0, 2).map(({ suffix }) => suffix)).toEqual(['elle-e2-r0-5', 'elle-e1-r0-5'])
})

test('a job that the provider takes only tomorrow is kept, and started by itself then', async ({
  page,
  studio,
  provider,
}) => {
  await charge(studio, 1)
  const { status, body } = JSON.parse(
    readFileSync('tests/fixtures/field/54-refusal-429-daily-limit.json', 'utf8'),
  )
  provider.instead.set('POST /fine_tuning/jobs', (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  const before = provider.creations.length
  await open(page, '/jobs/new')
  await elsewhere(page)
  await startButton(page).press('Enter')
  const offer = page.getByRole('region', { name: 'Waiting for a slot' })
  await expect(offer.getByText(/^The provider takes no further job now\./)).toBeVisible()
  await expectAccessible(page)
  await offer.getByRole('button', { name: 'Start it then' }).press('Enter')
  await expect(page).toHaveURL(/\/jobs$/)
  await expect(page.getByRole('region', { name: 'Waiting for a slot' }).getByRole('listitem')).toHaveCount(1)
  await expectAccessible(page)
  expect(provider.creations).toHaveLength(before)
  provider.instead.clear()

  await page.getByRole('button', { name: /^Remove .* from the waiting launches$/ }).press('Enter')
  await expect(page.getByRole('region', { name: 'Waiting for a slot' })).toHaveCount(0)
})
