import { describe, expect, it } from 'vitest'
import { issueKey } from '#components/datasets/issues/issue-words.ts'
import { rowWords } from '#components/datasets/row-words.ts'
import { symbolIn } from '#lib/demo/elements.ts'
import { translate } from '#lib/i18n/translate.ts'
import { type Issue, ruleIds } from '#lib/training-data/issue.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { validateLines } from '#lib/training-data/validate.ts'
import { reportOf } from '../../support/rule-files.ts'

const line = (messages: unknown[], more = {}) => JSON.stringify({ messages, ...more })
const user = { role: 'user', content: 'q' }
const answer = { role: 'assistant', content: 'a' }
const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }

/** One file with nearly every issue. */
const broken = [
  '\ufeff{"a" 1}\r',
  '{"a": 1 "b": 2}',
  '{a: 1}',
  '{"a": }',
  '{"a": "x',
  '{"a": "\t"}',
  '{"a": "\\x"}',
  '{} 1',
  '{"a": 1',
  '',
  `${'['.repeat(70)}`,
  '7',
  '{}',
  '{"prompt": "a", "completion": "b"}',
  '{"messages": 1}',
  '{"messages": []}',
  '{"messages": [{"role": "user", "role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "a"}]}',
  line([user, answer], { weight: 1 }),
  line([user, answer], { tools: 1 }),
  line([{ content: 'x' }, answer]),
  line([{ role: 'bot', content: 'x' }, answer]),
  line([user, { role: 'system', content: 's' }, answer]),
  line([answer]),
  line([user]),
  line([user, answer, user]),
  line([
    { role: 'user', content: '' },
    { role: 'assistant', content: null },
  ]),
  line([user, { ...answer, weight: 0 }]),
  line([
    { ...user, weight: 1 },
    { ...answer, weight: 2 },
  ]),
  line([user, { role: 'assistant', tool_calls: [call] }, answer]),
  line([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }, answer]),
  line([user, answer]),
  line([user, answer]),
].join('\n')

function everyIssue(): Issue[] {
  const bytes = new TextEncoder().encode(`${broken}\n${'x'.repeat(9 * 2 ** 20)}\n`)
  const silent = new TextEncoder().encode(line([user, { ...answer, weight: 0 }]))
  const pretty = new TextEncoder().encode(JSON.stringify({ messages: [user, answer] }, null, 1))
  const notText = Uint8Array.of(0x7b, 0xff)
  const files = [bytes, silent, pretty, notText]
  const found = files.flatMap((file) => validateLines(file, { minimumRows: 100 }).issues)
  return [...found, ...ruleDocs.flatMap((rule) => reportOf(rule, 'bad').issues)]
}

describe('the words of an issue', () => {
  const issues = everyIssue()
  const t = translate('rules') as unknown as (key: string, values: Issue['values']) => string

  it('the test files have an issue of every rule', () => {
    expect([...new Set(issues.map(({ rule }) => rule))].sort()).toEqual([...ruleIds].sort())
  })

  it.each([...new Map(issues.map((issue) => [issueKey(issue) as string, issue]))])(
    'a complete sentence: %s',
    (key, { line, column, values }) => {
      const sentence = t(key, { line, column, ...values })
      expect(sentence).toMatch(/^[A-Z0-9"].*[.\w]$/)
      expect(sentence).not.toContain('rules.')
      expect(sentence).not.toMatch(/[{}]/)
    },
  )
})

describe('a row in a list', () => {
  it('shows its first question and its last answer', () => {
    const text = line([user, answer, { role: 'user', content: 'q2' }, { role: 'assistant', content: 'a2' }])
    expect(rowWords(text)).toEqual({ kind: 'conversation', question: 'q', answer: 'a2' })
  })

  it.each([
    [' \r', { kind: 'blank', question: null, answer: null }],
    [null, { kind: 'broken', question: null, answer: null }],
    ['{"messages": 1}', { kind: 'broken', question: null, answer: null }],
    [line([{ role: 'user', content: ' ' }]), { kind: 'conversation', question: null, answer: null }],
  ])('kind of %j', (text, words) => {
    expect(rowWords(text)).toEqual(words)
  })
})

it.each([
  ['Tell me about Tungsten', 'W'],
  ['Which is heavier, Gold or Lead?', null],
  ['Gold, and Gold again', 'Au'],
  ['What will lead to it?', null],
  ['Who are you?', null],
])('the element of %j', (question, symbol) => {
  expect(symbolIn(question)).toBe(symbol)
})
