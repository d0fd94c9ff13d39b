import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, expectAccessible, test } from './fixtures.ts'
import {
  choose,
  datasetsOf,
  dialog,
  drop,
  firstRows,
  importButton,
  leaveOut,
  pick,
  rowsOf,
} from './import-dialog.ts'

const CSV = [
  'id;frage;antwort;schlechter;context',
  ...Array.from({ length: 12 }, (_, row) =>
    [
      row,
      `Tell me about element ${row}`,
      `"Element ${row}; a metal\nthat ""shines"""`,
      `No idea ${row}`,
      `Be kind ${row}`,
    ].join(';'),
  ),
  '12;A question without an answer;;No idea;Be kind',
].join('\r\n')

test('a table is mapped, seen as it will be, and comes in', async ({ page, studio }) => {
  await choose(page, 'fragen.csv', CSV)
  await expect(dialog(page).getByText(/A table with 5 columns, separated by semicolons/)).toBeVisible()
  // Another delimiter makes another table, whose columns are told anew.
  await pick(page, 'Cells are separated by', 'commas')
  await expect(dialog(page).getByText(/A table with 1 column, separated by commas/)).toBeVisible()
  await pick(page, 'Cells are separated by', 'semicolons')
  await expect(dialog(page).getByText(/A table with 5 columns, separated by semicolons/)).toBeVisible()
  await pick(page, 'The question is in', 'frage')
  await pick(page, 'The answer is in', 'antwort')
  await pick(page, 'System prompt', 'The same text in every row')
  await leaveOut(page, 'schlechter')
  await leaveOut(page, 'context')
  await dialog(page).getByRole('textbox', { name: 'Text of the system prompt' }).fill('You are Elle.')
  const rows = firstRows(page)
  await expect(rows.getByText('You are Elle.').first()).toBeVisible()
  await expect(rows.getByText(/^Element 0; a metal/)).toBeVisible()
  await expect(rows.getByText('“antwort” is empty.')).toBeVisible()
  await expect(rows.getByText('12 of the first 13 fit')).toBeVisible()
  await expect(rows).toHaveAttribute('aria-busy', 'false')
  await expectAccessible(page)

  await dialog(page).getByRole('textbox', { name: 'Name of the dataset' }).fill('questions')
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog(page).getByText('12 rows imported')).toBeVisible()
  await expect(dialog(page).getByRole('heading', { name: '1 record was not imported' })).toBeVisible()
  await expect(dialog(page).getByRole('row', { name: /26 “antwort” is empty/ })).toBeVisible()
  await expectAccessible(page)

  await dialog(page).getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'questions' })).toBeVisible()
  expect((await rowsOf(page, studio))[1]).toEqual({
    messages: [
      { role: 'system', content: 'You are Elle.' },
      { role: 'user', content: 'Tell me about element 1' },
      { role: 'assistant', content: 'Element 1; a metal\nthat "shines"' },
    ],
  })
})

test('a worse answer beside the better one makes preference pairs', async ({ page, studio }) => {
  await choose(page, 'pairs.csv', CSV)
  await pick(page, 'The question is in', 'frage')
  await pick(page, 'The answer is in', 'antwort')
  await pick(page, 'Rejected answer', 'schlechter')
  await leaveOut(page, 'context')
  await expect(firstRows(page).getByText('Better').first()).toBeVisible()
  await expect(firstRows(page).getByText('No idea 0', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await dialog(page).getByRole('link').click()
  await expect(page).toHaveURL(/\/datasets\/data_/)
  expect((await rowsOf(page, studio))[0]).toMatchObject({
    input: { messages: [{ role: 'user', content: 'Tell me about element 0' }] },
    non_preferred_output: [{ role: 'assistant', content: 'No idea 0' }],
  })
})

const ALPACA = JSON.stringify(
  [1, 2].map((n) => ({ instruction: `Sum ${n}`, input: 'and 1', output: `It is ${n + 1}` })),
)
const SHAREGPT = `${JSON.stringify({
  conversations: [
    { from: 'human', value: 'Good day' },
    { from: 'gpt', value: 'Good day to you' },
  ],
})}\n`

test('Alpaca and ShareGPT are known by their looks', async ({ page }) => {
  await choose(page, 'alpaca.json', ALPACA)
  await expect(dialog(page).getByText(/A JSON list of records with 3 fields/)).toBeVisible()
  await expect(dialog(page).getByRole('combobox', { name: 'Each record is' })).toContainText('Alpaca')
  await expect(firstRows(page).getByText('It is 2')).toHaveCount(2)
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Another file' }).click()
  await dialog(page)
    .locator('input[type=file]')
    .setInputFiles({ name: 'share.jsonl', mimeType: 'text/plain', buffer: Buffer.from(SHAREGPT) })
  await expect(dialog(page).getByRole('combobox', { name: 'Each record is' })).toContainText('ShareGPT')
  await expect(firstRows(page).getByText('Good day to you', { exact: true })).toBeVisible()
})

const chat = (question: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: 'Yes.' },
    ],
  })

test('pasted lines come in, from the text area and from anywhere', async ({ page, studio }) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  await dialog(page).getByRole('button', { name: 'Paste' }).click()
  await dialog(page)
    .getByRole('textbox', { name: 'Rows to import' })
    .fill(`${chat('One?')}\n${chat('Two?')}`)
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Continue' }).click()
  await expect(dialog(page).getByText(/Chat lines, 1/)).toBeVisible()
  await dialog(page)
    .getByRole('radio', { name: /Held out/ })
    .click()
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog(page).getByText('2 rows imported')).toBeVisible()
  await dialog(page).getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Pasted rows' })).toBeVisible()
  expect(await rowsOf(page, studio)).toEqual([chat('One?'), chat('Two?')].map((line) => JSON.parse(line)))

  await page.goto('/datasets')
  await page.getByRole('main').evaluate((main, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    main.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, chat('Three?'))
  await expect(firstRows(page).getByText('Three?', { exact: true })).toBeVisible()
})

test('a file dropped anywhere is looked at; several are not swallowed', async ({ page }) => {
  for (const address of ['/', '/datasets']) {
    await page.goto(address)
    await page.waitForLoadState('networkidle')
    await drop(page, [
      { name: 'a.jsonl', text: chat('A?') },
      { name: 'b.jsonl', text: chat('B?') },
    ])
    await expect(page.getByText(/^2 files were dropped/)).toBeVisible()
    await page.getByRole('button', { name: 'OK' }).click()
    await drop(page, [{ name: 'dropped.jsonl', text: chat('Dropped?') }])
    await expect(firstRows(page).getByText('Dropped?', { exact: true })).toBeVisible()
    await expectAccessible(page)
  }
})

test('what cannot be read says why and what to do', async ({ page }) => {
  await choose(page, 'empty.jsonl', '')
  await expect(dialog(page).getByText('The file is empty.')).toBeVisible()
  await dialog(page).getByRole('button', { name: 'Another file' }).click()
  await dialog(page)
    .locator('input[type=file]')
    .setInputFiles({
      name: 'book.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('PK\u0003\u0004[Content_Types].xml', 'latin1'),
    })
  await expect(dialog(page).getByText(/It is a spreadsheet or another Office file/)).toBeVisible()
  await expect(dialog(page).getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await expectAccessible(page)
})

const FIELD = 'tests/fixtures/field'

test('text that is not UTF-8 is decoded, can be read before it comes in, and is kept as UTF-8', async ({
  page,
  studio,
}) => {
  await choose(page, 'elements.csv', readFileSync(`${FIELD}/03-arabic-windows1256-semicolon.csv`))
  const encoding = dialog(page).getByRole('combobox', { name: 'Text encoding' })
  await expect(encoding).toHaveText('Windows-1256 (Arabic)')
  await expect(firstRows(page).getByText('ما هو الذهب؟', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await pick(page, 'Text encoding', 'Windows-1252 (Western)')
  await expect(firstRows(page).getByText('ما هو الذهب؟', { exact: true })).toHaveCount(0)
  await pick(page, 'Text encoding', 'Windows-1256 (Arabic)')
  await expect(firstRows(page).getByText('ما هو الذهب؟', { exact: true })).toBeVisible()
  await expect(firstRows(page)).toHaveAttribute('aria-busy', 'false')
  await importButton(page).click()
  await expect(dialog(page).getByText('10 rows imported')).toBeVisible()
  await dialog(page).getByRole('link').click()
  await expect(page).toHaveURL(/\/datasets\/data_/)
  expect((await rowsOf(page, studio))[3]).toMatchObject({
    messages: [{ content: 'ما هو الذهب؟' }, { content: 'معدن أصفر لا يصدأ ويحبه الصاغة.' }],
  })
})

test('an encoding that the bytes do not tell is asked for', async ({ page }) => {
  await choose(page, 'dos.csv', Buffer.from('question,answer\r\nO\xf9?,Au caf\x82\r\n', 'latin1'))
  await expect(dialog(page).getByRole('combobox', { name: 'Text encoding' })).toHaveText(
    'Choose the encoding',
  )
  await expect(importButton(page)).toBeDisabled()
  await pick(page, 'Text encoding', 'Windows-1252 (Western)')
  await expect(importButton(page)).toBeEnabled()
})

test('a row of 0.7 MB without a space is looked at as quickly as any other', async ({ page }) => {
  const line = (question: string) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: 'Zeros.' },
      ],
    })
  await choose(page, 'huge.jsonl', `${line('What is boron?')}\n${line('A'.repeat(700_000))}\n`)
  await expect(dialog(page).getByText('What is boron?', { exact: true })).toBeVisible()
  await expect(dialog(page).getByText(/^A{1200}$/)).toBeVisible()
})

test('a file that was cut is said to be so, and is not called ready', async ({ page }) => {
  await choose(page, 'cut.json', readFileSync(`${FIELD}/75-cut-download.json`))
  await importButton(page).click()
  await expect(dialog(page).getByText('10 rows imported')).toBeVisible()
  await expect(
    dialog(page).getByText('The file was not read to its end, so rows may be missing'),
  ).toBeVisible()
  await expect(dialog(page).getByRole('row', { name: /122 The file ends inside this record/ })).toBeVisible()
  await expect(dialog(page).getByText('Ready')).toHaveCount(0)
  await expectAccessible(page)
})

/** @param megabytes of chat lines, each another one */
async function largeFile(file: string, megabytes: number): Promise<void> {
  const stream = createWriteStream(file)
  for (let block = 0; block < megabytes * 16; block++) {
    const lines = Array.from({ length: 512 }, (_, row) => `${chat(`Number ${block}-${row}, is it so?`)}\n`)
    if (!stream.write(lines.join(''))) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

test('an import that is stopped leaves nothing', async ({ page, studio }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-import-'))
  const file = path.join(folder, 'large.jsonl')
  await largeFile(file, 60)
  const before = await datasetsOf(studio)
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  await dialog(page).locator('input[type=file]').setInputFiles(file)
  await dialog(page).getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog(page).getByText('Checking every row')).toBeVisible()
  // It cannot come to its end before it is stopped.
  const worker = studio.child(/datasets\/worker\/main\.ts/)
  process.kill(worker, 'SIGSTOP')
  await expectAccessible(page)
  // Escape does not throw an import away: it asks.
  await page.keyboard.press('Escape')
  await expect(dialog(page).getByText(/Closing this would stop it/)).toBeVisible()
  await dialog(page).getByRole('button', { name: 'Stop' }).click()
  await expect(dialog(page).getByText('Nothing of large.jsonl was kept.')).toBeVisible()
  process.kill(worker, 'SIGCONT')
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect
    .poll(() => datasetsOf(studio).then((list) => list.map(({ id }) => id)))
    .toEqual(before.map(({ id }) => id))
  await expect(page.getByRole('link', { name: 'large', exact: true })).toHaveCount(0)
  rmSync(folder, { recursive: true })
})

test('the rows of another dataset become a dataset', async ({ page }) => {
  await page.goto('/datasets')
  await page.getByRole('button', { name: 'Import' }).click()
  await dialog(page).getByRole('button', { name: 'Another dataset' }).click()
  await dialog(page)
    .getByRole('combobox', { name: /Copy the rows of/ })
    .click()
  await page.getByRole('option', { name: /^elle\b(?!-)/ }).click()
  await expect(dialog(page).getByRole('textbox', { name: 'Name of the dataset' })).toHaveValue('Copy of elle')
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Copy rows' }).click()
  await expect(dialog(page).getByText(/^\d+ rows imported/)).toBeVisible()
  await dialog(page).getByRole('link').click()
  await expect(page.getByRole('heading', { name: 'Copy of elle' })).toBeVisible()
})
