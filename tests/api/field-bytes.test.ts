import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { importDataset } from '#lib/datasets/import.ts'
import { previewImport } from '#lib/datasets/preview.ts'
import { Fixer, fixableRules } from '#lib/training-data/fix/fixer.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { textLines } from '#lib/training-data/jsonl.ts'
import { validateLines } from '#lib/training-data/validate.ts'
import { exportedBytes, incoming } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

const read = (name: string) => readFileSync(path.join('tests/fixtures/field', name))

/** The file as the dialog brings it in: by the plan that its preview proposes. */
async function bring(name: string, bytes: Uint8Array = read(name)) {
  const preview = await previewImport(bytes, { name })
  const told = await importDataset(incoming(bytes, { name, length: bytes.length, plan: preview.plan }))
  const kept = await exportedBytes(told.id)
  const { byRule } = validateLines(kept, { minimumRows: 0 })
  return { preview, ...told, kept, byRule: byRule as Partial<Record<RuleId, number>> }
}

/** The rows of a file after every repair. */
function mended(bytes: Uint8Array): { messages: { role: string; content: string; weight?: unknown }[] }[] {
  const fixer = new Fixer(fixableRules)
  const lines = [...textLines(bytes)]
  const edits = [...lines.flatMap((line) => fixer.add(line)), ...fixer.finish()]
  const texts = lines.map(({ text }) => [text ?? ''])
  for (const { from, count, lines: changed } of edits) {
    for (let at = from; at < from + count; at++) texts[at] = []
    texts[from] = changed
  }
  return texts.flat().map((text) => JSON.parse(text))
}

const answersOf = (bytes: Uint8Array) => mended(bytes).map(({ messages }) => messages.at(-1)?.content)
const facts = <Told extends { refused: { line: number; problem: string }[] }>({ refused }: Told) =>
  refused.map(({ line, problem }) => [line, problem])

const BORON = 'It stiffens glass and hides in laundry soap.'
const all = { refused: [], doubted: [], complete: true }

describe('the bytes of files that people had', () => {
  it('01: a byte order mark before line 1 is kept, and told', async () => {
    const told = await bring('01-bom-first-line.jsonl')
    expect(told).toMatchObject({ ...all, added: 10, byRule: { bom: 1 } })
    expect(told.kept).toEqual(read('01-bom-first-line.jsonl'))
  })

  it('02: UTF-16 is decoded', async () => {
    const told = await bring('02-utf16le-powershell.jsonl')
    expect(told.preview.encoding).toEqual({ encoding: 'utf-16le', certain: true })
    expect(told).toMatchObject({ ...all, added: 10 })
    expect(Object.keys(told.byRule)).toEqual(['crlf'])
    expect(answersOf(told.kept)[0]).toBe(BORON)
  })

  it('03: Windows-1256 is decoded, semicolons are found', async () => {
    const told = await bring('03-arabic-windows1256-semicolon.csv')
    expect(told.preview.encoding).toEqual({ encoding: 'windows-1256', certain: true })
    expect(told).toMatchObject({ ...all, added: 10, byRule: {} })
    expect(answersOf(told.kept)[3]).toBe('معدن أصفر لا يصدأ ويحبه الصاغة.')
  })

  it('06: sep= is obeyed, line breaks in cells are kept', async () => {
    const told = await bring('06-excel-sep-line-multiline-cells.csv')
    expect(told.preview.columns).toEqual(['system', 'user', 'assistant'])
    expect(told).toMatchObject({ ...all, added: 10 })
    const [row] = mended(told.kept)
    expect(row?.messages[1]?.content).toBe('What is boron?\nPlease be brief; I am in a hurry.')
  })

  it('07: text that was decoded wrongly is told, and mended', async () => {
    const told = await bring('07-mojibake-arabic.jsonl')
    expect(told).toMatchObject({ ...all, added: 10, byRule: { mojibake: 20 } })
    const [row] = mended(told.kept)
    expect(row?.messages[0]?.content).toBe('ما هو الهيليوم؟')
  })

  it('09: line ends are kept, blank lines are told by their line', async () => {
    const told = await bring('09-crlf-blank-lines-no-final-newline.jsonl')
    expect(told).toMatchObject({ ...all, byRule: { crlf: 1, 'blank-line': 2 } })
    expect(told.kept).toEqual(read('09-crlf-blank-lines-no-final-newline.jsonl'))
  })

  it.each(['10-json-list-named-jsonl.jsonl', '11-pretty-printed-records.jsonl'])(
    '%s is read as records, whatever its name says',
    async (name) => {
      const told = await bring(name)
      expect(told).toMatchObject({ ...all, added: 10, byRule: {} })
      expect(told.preview.rows).toHaveLength(10)
    },
  )

  it('12: lines of Python are told, and mended', async () => {
    const told = await bring('12-python-repr-single-quotes.jsonl')
    expect(told).toMatchObject({ added: 10, byRule: { 'bad-json': 10 } })
    const rows = mended(told.kept)
    expect(rows.at(-1)?.messages[1]).toMatchObject({ content: "It isn't, keep it dry." })
    expect(answersOf(told.kept)[0]).toBe(BORON)
  })

  it('14: cells of Python are read like those of JSON', async () => {
    const told = await bring('14-pandas-csv-messages-as-text.csv')
    expect(told).toMatchObject({ added: 10, refused: [], byRule: {} })
    expect(answersOf(told.kept).slice(-2)).toEqual([
      'Matches owe it their temper.',
      'Yellow, and you smell it before you see it.',
    ])
  })

  it('70: the record with an inch mark is refused, and none of the others', async () => {
    const told = await bring('70-csv-inch-mark.csv')
    expect(told).toMatchObject({ added: 39, complete: true, doubted: [] })
    expect(facts(told)).toEqual([[31, 'csv-quote']])
  })

  it('71: CR alone ends the lines', async () => {
    const told = await bring('71-mac-cr-only.csv')
    expect(told).toMatchObject({ ...all, added: 12 })
    expect(answersOf(told.kept)[0]).toBe(BORON)
  })

  it('72: gzip is unpacked', async () => {
    const told = await bring('72-gzip-named-jsonl.jsonl')
    expect(told).toMatchObject({ ...all, added: 12, preview: { plan: { packed: 'gzip' } }, byRule: {} })
  })

  it('73: a mark inside the file is named, and the repair splits there', async () => {
    const told = await bring('73-two-files-joined.jsonl')
    expect(told).toMatchObject({ added: 11, byRule: { bom: 1, 'bad-json': 1 } })
    const { issues } = validateLines(told.kept)
    expect(issues.find(({ rule }) => rule === 'bad-json')).toMatchObject({
      line: 6,
      values: { origin: 'mark' },
    })
    expect(mended(told.kept)).toHaveLength(12)
    const broken = read('73-two-files-joined.jsonl').toString().replace('}\ufeff{', '}\n\ufeff{')
    expect(mended(Buffer.from(broken))).toHaveLength(12)
  })

  it('75: what a cut download holds comes in, and the end is named', async () => {
    const told = await bring('75-cut-download.json')
    expect(told).toMatchObject({ added: 10, complete: false })
    expect(facts(told)).toEqual([[122, 'unfinished']])
  })

  it('92: a cell that seems to have swallowed rows is doubted by its line', async () => {
    const told = await bring('92-csv-two-stray-quotes.csv')
    expect(told).toMatchObject({ added: 28, refused: [], doubtedCount: 1 })
    expect(told.doubted).toMatchObject([{ line: 22, problem: 'csv-swallowed', values: { lines: 4 } }])
  })
})

const tool = (name: string, given: string, id = 'call_1') => ({
  tool_calls: [{ id, type: 'function', function: { name, arguments: given } }],
})
const said = (role: string, content: string) => ({ role, content })
const chat = (asked: string, answered: string) => ({
  messages: [said('user', asked), said('assistant', answered)],
})
const GOOD = 'What is boron good for?'

interface Kind {
  file: string
  /** Before any repair. */
  byRule: Partial<Record<RuleId, number>>
  notes?: object
  /** The first row after every repair. */
  first: object
}

const kinds: Kind[] = [
  {
    file: 'k01-tool-arguments-as-object.jsonl',
    byRule: { 'bad-shape': 10 },
    first: { messages: [{}, tool('melt', '{"element":"boron"}', 'c1'), { tool_call_id: 'c1' }, {}] },
  },
  {
    file: 'k02-tool-calls-without-ids.jsonl',
    byRule: { 'bad-shape': 10 },
    first: {
      messages: [{}, tool('melt', '{"element":"boron"}'), { tool_call_id: 'call_1' }, {}],
      tools: [{ type: 'function', function: { name: 'melt' } }],
    },
  },
  {
    file: 'k03-tool-result-as-object.jsonl',
    byRule: { 'bad-shape': 10 },
    first: { messages: [{}, {}, { content: '{"t":300}' }, {}] },
  },
  {
    file: 'k05-long-number-as-answer.jsonl',
    byRule: { 'secret-or-pii-looking': 1 },
    first: chat('Account of boron?', '90071992547409903'),
  },
  { file: 'k06-decimal-as-answer.jsonl', byRule: {}, first: chat('Price of boron?', '0.10') },
  {
    file: 'k07-loss-flags.jsonl',
    byRule: { 'unknown-key': 20 },
    first: { messages: [{}, { content: 'No.', weight: 0 }, {}, { content: BORON, weight: 1 }] },
  },
  { file: 'k08-nan-as-input.csv', byRule: {}, notes: { 'absent-word': 10 }, first: chat(GOOD, BORON) },
  { file: 'k09-words-for-nothing.jsonl', byRule: { placeholder: 8 }, first: chat(GOOD, 'N/A') },
  { file: 'k10-lost-characters.jsonl', byRule: { mojibake: 5 }, first: chat(GOOD, BORON) },
  { file: 'k11-image-mark.json', byRule: { placeholder: 10 }, first: chat(`<image>\n${GOOD}`, BORON) },
  { file: 'k12-unseen-letters.jsonl', byRule: { 'invisible-characters': 10 }, first: chat(GOOD, BORON) },
  { file: 'k70-lines-of-a-search.jsonl', byRule: { 'bad-json': 10 }, first: chat(GOOD, BORON) },
  { file: 'k71-records-behind-a-sign.jsonl', byRule: { 'bad-json': 10 }, first: chat(GOOD, BORON) },
  {
    file: 'k72-escapes-spelled-out.jsonl',
    byRule: { 'control-characters': 10 },
    first: chat(GOOD, `${BORON}\n\nSecond line\tTab`),
  },
  {
    file: 'k73-thinking-in-parts.jsonl',
    byRule: { reasoning: 10 },
    first: { messages: [{}, { ...said('assistant', BORON), reasoning_content: 'hm' }] },
  },
  {
    file: 'k74-quotes-behind-backslashes.csv',
    byRule: { 'answer-all-identical': 1 },
    first: chat('What is "boron"?', 'It is, as they say, "good".'),
  },
  {
    file: 'k75-answers-that-repeat-the-question.jsonl',
    byRule: { 'answer-repeats-question': 5 },
    first: chat(GOOD, BORON),
  },
]

describe('bytes that are no UTF-8', () => {
  it.each([
    ['k60-windows-1251.csv', 'windows-1251', true, 'Что это boron?'],
    ['k61-gb18030.csv', 'gb18030', true, '什么是boron'],
    ['k62-shift-jis.jsonl', 'shift_jis', true, 'テストboron'],
  ] as const)('%s', async (file, encoding, certain, question) => {
    const told = await bring(file)
    expect(told.preview.encoding).toEqual({ encoding, certain })
    expect(mended(told.kept)[0]?.messages[0]?.content).toBe(question)
  })
})

describe('more files of these kinds', () => {
  it.each(kinds)('$file', async ({ file, byRule, notes = {}, first }) => {
    const told = await bring(file)
    expect(told).toMatchObject({ ...all, added: 10, notes })
    expect(told.byRule).toEqual(byRule)
    expect(mended(told.kept)[0]).toMatchObject(first)
  })

  it.each(['keep', 'mask', 'strip'])('an answer in parts is not lost with its reasoning: %s', (how) => {
    const content = [{ type: 'text', text: BORON }]
    const row = { messages: [said('user', 'Q'), { role: 'assistant', content, reasoning_content: 'hm' }] }
    const [line] = textLines(Buffer.from(JSON.stringify(row)))
    const [edit] = new Fixer(new Set(['reasoning'] as const), how).add(line as NonNullable<typeof line>)
    expect(edit?.lines[0]).toContain(BORON)
  })

  it('a command of LaTeX is no escape that is spelled out', async () => {
    const rows = Array(10).fill(chat('Q', String.raw`Use \nabla f and \theta.\n Then stop.`))
    const { kept } = await bring('a.jsonl', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')))
    expect(answersOf(kept)[0]).toBe('Use \\nabla f and \\theta.\n Then stop.')
  })

  it('numbers beyond a double keep their digits', async () => {
    const { kept } = await bring('k04-long-numbers-in-cells.csv')
    expect(kept.toString()).toContain('"maximum": 12345678901234567890')
  })
})
