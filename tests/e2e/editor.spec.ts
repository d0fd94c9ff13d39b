import type { Locator, Page } from '@playwright/test'
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
  // An empty dataset opens with its first row, ready to write; a new row is stored nowhere and blocks nothing.
  await expect(page.getByText('0 training, 0 held out')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Paste' })).toBeVisible()
  await expectAccessible(page)
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

test('what is typed while a popup is on its way is kept', async ({ page, studio }) => {
  const id = await create(studio, 'patient')
  await page.goto(`/datasets/${id}`)
  const held = Promise.withResolvers<void>()
  const chunks = '**/_next/static/chunks/**'
  await page.route(chunks, (route) => held.promise.then(() => route.continue()))
  const [user, assistant] = [/User/, /Assistant/].map((name) => open(page).getByRole('textbox', { name }))
  await expect(user as Locator).toBeFocused()
  const asked = page.waitForRequest(chunks)
  // Over the menus of the turn, which load when they have the focus.
  await tabTo(page, assistant as Locator)
  await asked
  await page.keyboard.type('Helium is calm')
  held.resolve()
  await expect(assistant as Locator).toHaveValue('Helium is calm')
})

test('a page outlives a server that is away when a popup should load', async ({ page, studio }) => {
  const id = await create(studio, 'steadfast')
  await page.goto(`/datasets/${id}`)
  const chunks = '**/_next/static/chunks/**'
  await page.route(chunks, (route) => route.abort())
  const failed = page.waitForEvent('requestfailed')
  const more = open(page).getByRole('button', { name: /^More/ })
  await more.focus()
  await failed
  await expect(open(page).getByRole('textbox', { name: /User/ })).toBeVisible()
  await page.unroute(chunks)
  await more.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
})

test('on a phone, Add row and E lead to the field that is to be written', async ({ page, studio }) => {
  const id = await create(studio, 'pocket')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`/datasets/${id}`)
  // An empty dataset opens with the field of its first question.
  const question = open(page).getByRole('textbox', { name: /User/ })
  await expect(question).toBeFocused()
  await page.getByRole('button', { name: 'Rows 0' }).click()
  await page.getByRole('button', { name: 'Add row' }).click()
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

test('an empty dataset takes its system prompt first, or rows from a paste, a share of them held out', async ({
  page,
  studio,
}) => {
  const id = await create(studio, 'begun')
  await page.goto(`/datasets/${id}`)
  const row = open(page)
  await page.getByRole('textbox', { name: 'System prompt for all rows' }).fill('Answer in one word.')
  await row.getByRole('textbox', { name: /User/ }).fill('Which gas glows red?')
  await row.getByRole('textbox', { name: /Assistant/ }).fill('Neon')
  await page.keyboard.press('Control+Enter')
  // The next row has the prompt already, and the prompt of all rows stands above the list.
  await expect(row.getByRole('textbox', { name: 'Text of turn 1, System' })).toHaveValue(
    'Answer in one word.',
  )
  await expect(row.getByRole('heading', { name: 'New row' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^System prompt for all rows/ })).toContainText(
    'Answer in one word.',
  )
  await expect.poll(async () => (await rowsOf(studio, id)).length).toBe(1)

  const pasted = await create(studio, 'pasted')
  await page.goto(`/datasets/${pasted}`)
  await page.getByRole('button', { name: 'Paste' }).click()
  const dialog = page.getByRole('dialog')
  const lines = LIMERICKS.flatMap(({ question, answer }) =>
    ['', ' Tell me.', ' Please.', ' Again.'].map((more) =>
      JSON.stringify({
        messages: [
          { role: 'user', content: question + more },
          { role: 'assistant', content: answer },
        ],
      }),
    ),
  )
  await dialog.getByRole('textbox').fill(lines.join('\n'))
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByRole('radio', { name: /20/ })).toBeChecked()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect.poll(async () => (await rowsOf(studio, pasted, '?split=heldout')).length).toBeGreaterThan(0)
})

test('rows are selected together, rejected, tagged, searched and replaced; steps are undone and redone', async ({
  page,
  studio,
}) => {
  const lines = Array.from({ length: 14 }, (_, n) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `Which colour has number ${n}?` },
        { role: 'assistant', content: `Colour ${n * 7}` },
      ],
    }),
  )
  const id = await importText(studio, 'colours', lines.join('\n'))
  await page.goto(`/datasets/${id}`)
  const list = page.getByRole('navigation', { name: 'Rows of the dataset' })
  const items = list.getByRole('listitem')
  const chosen = page.getByRole('region', { name: 'Selected rows' })
  await items.nth(2).getByRole('button').click()
  await items
    .nth(5)
    .getByRole('button')
    .click({ modifiers: ['Shift'] })
  await items
    .nth(8)
    .getByRole('button')
    .click({ modifiers: ['Control'] })
  await expect(chosen.getByText('5 rows selected')).toBeVisible()
  await expectAccessible(page)
  const act = async (name: string) => {
    await chosen.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await act('Move to held-out')
  await expect(page.getByText('9 training, 5 held out')).toBeVisible()
  await act('Reject: do not send')
  await expect(page.getByText('5 rejected, not sent')).toBeVisible()
  expect((await rowsOf(studio, id, '?review=rejected')).map(({ number }) => number)).toEqual([3, 4, 5, 6, 9])
  await expect(page.getByText(/^Rejected: this row stays here/)).toBeVisible()
  await act('Add or remove a tag')
  const tagging = page.getByRole('dialog', { name: 'Tag the selected rows' })
  await tagging.getByRole('textbox', { name: 'Tag' }).fill('doubtful')
  await expectAccessible(page)
  await tagging.getByRole('button', { name: 'Add tag' }).click()
  await expect(page.getByText('5 rows marked')).toBeVisible()

  // By keyboard: all rows, then none.
  await items.nth(0).getByRole('button').click()
  await page.keyboard.press('Shift+ArrowDown')
  await expect(chosen.getByText('2 rows selected')).toBeVisible()
  await page.keyboard.press('Control+a')
  await expect(chosen.getByText('14 rows selected')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(chosen).toHaveCount(0)

  await page.getByRole('button', { name: 'More' }).first().click()
  await page.getByRole('menuitem', { name: 'Find and replace' }).click()
  const replacing = page.getByRole('dialog', { name: 'Find and replace' })
  await replacing.getByRole('textbox', { name: 'Find' }).fill('colour')
  await replacing.getByRole('textbox', { name: 'Replace with' }).fill('color')
  await expectAccessible(page)
  await replacing.getByRole('button', { name: 'Review' }).click()
  const review = page.getByRole('dialog', { name: 'Find and replace' })
  await expect(review.getByText('14 rows change')).toBeVisible()
  await expect(review.locator('del').first()).toHaveText(/colour/)
  await expectAccessible(page)
  await review.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(async () => (await rowsOf(studio, id, '?q=Which color ')).length).toBe(14)

  await page.getByRole('button', { name: 'Undo find and replace (U)' }).click()
  await expect.poll(async () => (await rowsOf(studio, id, '?q=Which colour ')).length).toBe(14)
  await page.getByRole('button', { name: 'Redo find and replace (Shift+U)' }).click()
  await expect(page.getByText('Redone: find and replace')).toBeVisible()
  await expect.poll(async () => (await rowsOf(studio, id, '?q=Which color ')).length).toBe(14)

  // A row alone: its state by key, its note when the field is left.
  await items.nth(1).getByRole('button').click()
  await page.keyboard.press('r')
  await expect.poll(async () => (await rowsOf(studio, id, '?review=reviewed')).length).toBe(1)
  await page.getByRole('button', { name: 'Add a note' }).click()
  await page.keyboard.type('Ask Ada.')
  await page.keyboard.press('Escape')
  // A mark that comes before the answer to the one before is no conflict with it.
  await page.getByRole('textbox', { name: 'Add a tag' }).fill('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await rowsOf(studio, id))[1])
    .toMatchObject({ note: 'Ask Ada.', tags: ['one', 'two'], review: 'reviewed' })
  await expect(page.getByText('The row was not saved')).toHaveCount(0)
  await expectAccessible(page)
})
