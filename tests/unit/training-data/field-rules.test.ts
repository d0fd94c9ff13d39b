import { describe, expect, it } from 'vitest'
import { issueKey } from '#components/datasets/issues/issue-words.ts'
import { translate } from '#lib/i18n/translate.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { targets } from '#lib/training-data/targets.ts'
import { contentsOf, mended, range, reportOf, textOf, verdict } from '../../support/field-files.ts'

const sentence = translate('rules') as unknown as (key: string, values: Issue['values']) => string
const said = (issue: Issue) =>
  sentence(issueKey(issue), { line: issue.line, column: issue.column, ...issue.values })

describe('what the checks say of files from the field', () => {
  it.each<[string, Record<string, number[]>]>([
    ['08', { '(bidi-control-chars)': [3] }],
    ['15', { '(null-keys)': [1] }],
    ['16', { 'weight-not-0-1': [1, 2, 3, 5], 'weight-on-non-assistant': [4], '(no-trained-assistant)': [6] }],
    ['17', { '(two-answers-in-a-row)': range(1, 10) }],
    ['18', { '(special-token)': [3, 6, 8, 9] }],
    ['19', { 'tool-call-without-result': [5] }],
    ['22', { '(legacy-functions)': range(1, 10) }],
    ['23', { reasoning: [1, 2, 3, 4, 8], '(reasoning)': [5, 6, 7] }],
    [
      '24',
      {
        '(answer-all-identical)': [1],
        '(image-part-unsupported)': [1, 2, 3, 4, 5, 6, 7, 8, 9, 13],
        'image-limits': [8, 9, 13],
        'content-parts': [10, 11],
        'image-part-unsupported': [12],
      },
    ],
    ['25', { 'preference-keys': [2, 3, 4, 5, 6, 7, 8], 'mixed-methods': [9] }],
    [
      '38',
      {
        'unknown-key': [1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10],
        'content-parts': [6, 6, 7, 7, 8, 8, 9, 9, 10, 10],
      },
    ],
    ['45', { '(system-drift)': [9, 10] }],
    ['46a', {}],
    ['76', { '(control-characters)': range(1, 8) }],
    ['77', { '(html-in-text)': range(1, 10) }],
    ['86', { 'no-messages': range(5, 12) }],
    ['89', { '(shared-opening)': [1] }],
  ])('%s', (id, expected) => {
    expect(verdict(textOf(id))).toEqual(expected)
  })

  it('46: held-out rows that are in training are named', () => {
    const survey = new ReportBuilder({ minimumRows: 1 })
    const add = (id: string, split: 'train' | 'heldout') => {
      for (const text of textOf(id).trim().split('\n'))
        survey.add(
          readFacts(lineOf(text, 1), () => 1),
          split,
          () => text,
        )
    }
    add('46a', 'train')
    add('46b', 'heldout')
    const leaks = survey.finish().issues.filter(({ rule }) => rule === 'leak-into-heldout')
    expect(leaks.map(({ row }) => row)).toEqual([1, 2, 3])
  })

  it('18: special tokens of its own are errors for OpenAI', () => {
    expect(verdict(textOf('18'), { target: targets.openai })).toEqual({
      'special-token': [3, 6, 8],
      '(special-token)': [9],
    })
    const [, marker] = reportOf(textOf('18')).issues
    expect(marker && said(marker)).toBe('A chat marker inside a message: <|im_start|>.')
  })

  it('says what is wrong in its own words, never in those of a library or of the engine', () => {
    for (const id of ['15', '22', '23', '24', '25', '38'])
      for (const issue of reportOf(textOf(id)).issues)
        expect(said(issue)).not.toMatch(/Invalid input|no provider takes|picture/)
    const words = (id: string, line: number) =>
      reportOf(textOf(id))
        .issues.filter((issue) => issue.line === line && issue.severity === 'error')
        .map(said)
    expect(words('25', 2)).toEqual([
      '"preferred_output" must be a list with one message; here it is the message itself.',
    ])
    expect(words('25', 3)[0]).toContain('here it is its text alone')
    expect(words('25', 6)[0]).toContain('"input" must be an object with the list "messages"')
    expect(words('25', 8)[0]).toContain('ends with the assistant')
    expect(words('24', 8)[0]).toContain('"C:\\photos\\lamp7.jpg" is neither')
    expect(words('24', 12)).toEqual(['An image is in the assistant message. Only the user can send images.'])
    expect(words('24', 13)).toEqual(['The data of the image is not base64.'])
  })

  it('89: the words that most answers share are shown', () => {
    const [opening] = reportOf(textOf('89')).issues
    expect(opening?.values).toMatchObject({ rows: 10, all: 12, start: 'Sure! Here is the answer: ```json' })
  })
})

describe('a key that nobody knows', () => {
  const row = (more: string, inner = '') =>
    `{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"${inner}}]${more}}`
  const text = `${row(', "source": "a book"')}\n${row('', ', "note": "mine"')}\n`

  it('goes only by its name, and each is counted', () => {
    expect(reportOf(text).repairs).toEqual({ 'unknown-key': { 'remove:source': 1, 'remove:note': 1 } })
    expect(mended(text, ['unknown-key'])).toEqual(text.trim().split('\n'))
    expect(mended(text, ['unknown-key'], 'remove:source')).toEqual([row(''), row('', ', "note": "mine"')])
  })

  it('is put where it belongs when its meaning is known', () => {
    const named = row('').replace('"role": "user"', '"type": "human"')
    expect(mended(named, ['bad-role'])).toEqual([
      row('').replace(/"role": "user", (".*?": ".*?")/, '$1, "role": "user"'),
    ])
  })
})

describe('a line without its end', () => {
  const good = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}'
  const other = good.replace('"a"', '"b"')
  const third = good.replace('"a"', '"c"')
  const pretty = JSON.stringify(JSON.parse(third), null, 2)

  it.each([
    ['before a record over several lines', [good.slice(0, -1), pretty]],
    ['before rows and a record over several lines', [good.slice(0, -1), other, pretty]],
  ])('%s hides nothing', (_, parts) => {
    const text = `${parts.join('\n')}\n`
    expect(verdict(text)).toEqual({ 'bad-json': [1], 'multi-line-json': [parts.length] })
    expect(reportOf(text).repairs).toEqual({ 'bad-json': { fix: 1 }, 'multi-line-json': { fix: 1 } })
    const lines = mended(text, ['bad-json', 'multi-line-json'])
    expect(lines.map((line) => contentsOf(line)[1])).toEqual(
      parts.length === 2 ? ['a', 'c'] : ['a', 'b', 'c'],
    )
  })
})

describe('what tools leave behind', () => {
  const row = (answer: string) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: answer },
      ],
    })
  it.each<[string, string, string[]]>([
    ['a spreadsheet error', 'It is #REF! today', ['placeholder']],
    ['a blank of a template', 'Dear {{ customer_name }}, hello', ['placeholder']],
    ['words to be replaced', 'See [insert answer here].', ['placeholder']],
    ['filler', 'Well. Lorem ipsum dolor', ['placeholder']],
    ['a task', 'TODO: write this', ['placeholder']],
    ['a link', 'See [your account](https://example.org).', []],
    ['a heading', '# Neon\n\nA gas.', []],
    ['HTML in code', 'Write `<br>` there, or &amp; in text.', []],
    ['arithmetic', 'a < b; c > d & e', []],
    ['a zero-width space', 'a\u200bb', ['invisible-characters']],
    ['a joiner that Persian needs', 'می\u200cخواهم', []],
    ['a line separator', 'a\u2028b', ['invisible-characters']],
    ['a byte order mark in a text', 'a\ufeffb', ['invisible-characters']],
    ['a bell', 'a\u0007b', ['control-characters']],
    ['a tab and a list', 'a\tb\n- eat\n- rest', []],
    ['a marker of Llama', '[INST] q [/INST]', ['special-token']],
    ['a marker of Gemma', 'a<end_of_turn>', ['special-token']],
    ['reasoning that is whole', '<think>b</think>a', []],
    ['the end of a reasoning alone', 'b</think>a', ['reasoning']],
  ])('%s', (_, answer, rules) => {
    const found = (text: string) => Object.keys(reportOf(text).byRule)
    expect(found(row(answer))).toEqual(rules)
    const escaped = row(answer).replace(
      /[<>&]|[^\u0020-\u007e]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    expect(found(escaped)).toEqual(rules)
  })

  it('turns that a template refuses are errors where the target wants them to alternate', () => {
    const twice =
      '{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}]}'
    expect(verdict(twice)).toEqual({ '(turns-not-alternating)': [1] })
    expect(verdict(twice, { target: targets.together })).toEqual({ 'turns-not-alternating': [1] })
    expect(contentsOf(mended(twice, ['turns-not-alternating'])[0] ?? '')).toEqual(['a\n\nb', 'c'])
  })

  it('ids that do not match are told once, and shared', () => {
    const tools = '"tools": [{"type": "function", "function": {"name": "f"}}]'
    const text = `{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "b", "content": "1"}, {"role": "assistant", "content": "c"}], ${tools}}`
    expect(verdict(text)).toEqual({ 'tool-result-without-call': [1] })
    expect(reportOf(mended(text, ['tool-result-without-call']).join('\n')).issues).toEqual([])
    expect(verdict(text.replace('"name": "f"}}]}', '"name": "g"}}]}'))).toMatchObject({
      '(undeclared-tool)': [1],
    })
  })
})
