import type { Page } from '@playwright/test'
import type { DatasetSummary, RowsPage } from '#lib/datasets/schema.ts'
import type { Studio } from '../support/studio.ts'
import { ask, importText } from './ask.ts'
import { expect, expectAccessible, tabTo, test } from './fixtures.ts'

const create = async (studio: Studio, name: string): Promise<string> =>
  (await ask<DatasetSummary>(studio, '/api/datasets', { name })).id

const rowsOf = async (studio: Studio, id: string, query = ''): Promise<RowsPage['rows']> =>
  (await ask<RowsPage>(studio, `/api/datasets/${id}/rows${query}`)).rows

const LIMERICKS = ['Helium', 'Neon', 'Argon', 'Krypton', 'Xenon'].map((name) => ({
  question: `What is ${name}?`,
  answer: `${name} - is - calm`,
}))

const open = (page: Page) => page.getByRole('region', { name: 'The row' })

test('five limericks are written by keyboard alone', async ({ page, studio }) => {
  const id = await create(studio, 'noble')
  await page.goto(`/datasets/${id}`)
  await expect(page.getByText(/^No rows yet/)).toBeVisible()
  await page.keyboard.press('n')
  for (const { question, answer } of LIMERICKS) {
    await expect(open(page).getByRole('textbox', { name: /User/ })).toBeFocused()
    await page.keyboard.type(question)
    // The turn's buttons stand between: the answer is the next field.
    await tabTo(page, open(page).getByRole('textbox', { name: /Assistant/ }))
    await page.keyboard.type(answer)
    await page.keyboard.press('Control+Enter')
    await expect(open(page).getByRole('textbox', { name: /User/ })).toHaveValue('')
  }
  await expect
    .poll(async () =>
      (await rowsOf(studio, id)).map(({ text }) => JSON.parse(text ?? '').messages[1].content),
    )
    .toEqual(LIMERICKS.map(({ answer }) => answer))

  // The sixth is a form to fill in, which is stored nowhere.
  await expect(page.getByText('5 training, 0 held out')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('x')
  await expect(open(page).getByRole('heading', { name: 'Row 5' })).toBeVisible()
  await page.keyboard.press('x')
  await expect.poll(async () => (await rowsOf(studio, id)).length).toBe(4)
  await page.keyboard.press('u')
  await expect(page.getByText('Undone: delete')).toBeVisible()
  await expect.poll(async () => (await rowsOf(studio, id)).length).toBe(5)
  // Keys are quicker than answers: what is typed while a change of ours is on its way is no conflict with it.
  const held = Promise.withResolvers<void>()
  await page.route('**/rows/*', (route) => held.promise.then(() => route.continue()), { times: 1 })
  await page.keyboard.press('t')
  await page.keyboard.press('w')
  await expect(open(page).getByRole('button', { name: /^Weight 0/ })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  held.resolve()
  await expect.poll(async () => (await rowsOf(studio, id, '?split=heldout')).length).toBe(1)
  await expect.poll(async () => (await rowsOf(studio, id, '?q=weight')).length).toBe(1)
  await expect(open(page).getByRole('textbox', { name: /User/ })).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expectAccessible(page)
})

test('on a phone, Add row and E lead to the field that is to be written', async ({ page, studio }) => {
  const id = await create(studio, 'pocket')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/datasets/${id}`)
  await page.getByRole('button', { name: 'Add row' }).click()
  const question = open(page).getByRole('textbox', { name: /User/ })
  await expect(question).toBeFocused()
  await page.keyboard.type('Is it?')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Rows 0' }).click()
  await expect(question).toBeHidden()
  await page.keyboard.press('e')
  await expect(open(page).getByRole('textbox', { name: /Assistant/ })).toBeFocused()
  expect(await rowsOf(studio, id)).toEqual([])
})

test('single keys stay quiet while someone types, and both sides of a row follow each other', async ({
  page,
  studio,
}) => {
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a' },
    ],
  })
  const id = await importText(studio, 'pair.jsonl', `${line}\n${line.replace('q', 'other')}\n`)
  await page.goto(`/datasets/${id}`)
  const answer = open(page).getByRole('textbox', { name: /Assistant/ })
  await answer.fill('')
  await answer.pressSequentially('jxtunw')
  await expect(answer).toHaveValue('jxtunw')
  await expect(page.locator('[data-json]')).toContainText('"content":"jxtunw"')
  expect((await rowsOf(studio, id)).length).toBe(2)
  const json = page.locator('.cm-content')
  await json.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(line.replace('"a"', '"from below"'))
  await expect(answer).toHaveValue('from below')
  await page.reload()
  await expect(answer).toHaveValue('from below')
  // Another page is opened before the keys have rested.
  await answer.fill('typed last')
  await page.getByRole('link', { name: 'Models' }).first().click()
  await page.waitForURL('**/models')
  await page.goBack()
  await expect(answer).toHaveValue('typed last')

  await page.keyboard.press('n')
  const question = open(page).getByRole('textbox', { name: /User/ })
  await expect(question).toBeFocused()
  await page.keyboard.type('between')
  await page.keyboard.press('Control+Enter')
  const questions = async () =>
    (await rowsOf(studio, id)).map(({ text }) => JSON.parse(text ?? '').messages.at(-2).content)
  await expect.poll(questions).toEqual(['q', 'between', 'other'])
  await expect(question).toHaveValue('other')
})

test('training with edits that are not saved asks first, and saves them', async ({ page, studio }) => {
  const line = (n: number) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Question ${n}?` },
        { role: 'assistant', content: `Answer ${n}.` },
      ],
    })
  const lines = Array.from({ length: 12 }, (_, n) => line(n))
  const id = await importText(studio, 'unsaved.jsonl', lines.join('\n'))
  await page.goto(`/datasets/${id}`)
  await open(page)
    .getByRole('textbox', { name: /Assistant/ })
    .fill('Rewritten.')
  await expect(page.getByText('not saved').first()).toBeVisible()
  await page.getByRole('button', { name: 'Train', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: '1 row has unsaved changes' })
  await expect(dialog.getByRole('link', { name: 'Train without' })).toHaveAttribute(
    'href',
    `/jobs/new?dataset=${id}`,
  )
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save and train' }).click()
  await expect(page).toHaveURL(`/jobs/new?dataset=${id}`)
  expect((await rowsOf(studio, id, '?q=Rewritten')).length).toBe(1)
})

test('fifty thousand rows are scrolled and searched', async ({ page, studio }) => {
  const row = (n: number) =>
    `${JSON.stringify({
      messages: [
        { role: 'user', content: `Question ${n}` },
        { role: 'assistant', content: n === 43_210 ? 'The answer is zirconium' : `Answer ${n * 7919}` },
      ],
    })}\n`
  const id = await importText(studio, 'many.jsonl', Array.from({ length: 50_000 }, (_, n) => row(n)).join(''))
  await page.goto(`/datasets/${id}`)
  const list = page.getByRole('navigation', { name: 'Rows of the dataset' })
  await expect(list.getByText('Question 0', { exact: true })).toBeVisible()
  await expect(page.locator('.cm-content')).toBeVisible()
  expect(await list.getByRole('listitem').count()).toBeLessThan(60)
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight / 2))
  await expect(list.getByText(/^Question 249\d\d$/).first()).toBeVisible()
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight))
  await expect(list.getByText('Question 49999', { exact: true })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('zirconium')
  await expect(list.getByText('Question 43210', { exact: true })).toBeVisible()
  await expect(open(page).getByRole('heading', { name: 'Row 43,211' })).toBeVisible()
  expect(page.url()).toContain('q=zirconium')
  await expectAccessible(page)
})

test('a preference pair is made of a row, and saved', async ({ page, studio }) => {
  const id = await importText(
    studio,
    'prefer.jsonl',
    `${JSON.stringify({
      messages: [
        { role: 'user', content: 'Tell me about Gold' },
        { role: 'assistant', content: 'Gold is a metal that never will rust' },
      ],
    })}\n`,
  )
  await page.goto(`/datasets/${id}`)
  await open(page).getByRole('button', { name: 'More for this conversation' }).click()
  await page.getByRole('menuitem', { name: 'Make a preference pair' }).click()
  const worse = open(page).getByRole('region', { name: 'Not preferred' }).getByRole('textbox').first()
  await worse.fill('It is Au.')
  await expectAccessible(page)
  await page.keyboard.press('Control+Enter')
  await expect.poll(async () => (await rowsOf(studio, id)).map(({ kind }) => kind)).toContain('preference')
  const [pair] = await rowsOf(studio, id)
  expect(JSON.parse(pair?.text ?? '')).toMatchObject({
    input: { messages: [{ role: 'user', content: 'Tell me about Gold' }] },
    preferred_output: [{ content: 'Gold is a metal that never will rust' }],
    non_preferred_output: [{ content: 'It is Au.' }],
  })
})
