import { describe, expect, test } from 'vitest'
import { faultOfHead } from '#components/datasets/import/file-verdict.ts'
import {
  delimiterName,
  fitted,
  undecided,
  withContainer,
  withShape,
} from '#components/datasets/import/mapping.ts'
import { readTalk } from '#components/datasets/import/message-preview.ts'
import { columnsNamed } from '#lib/training-data/formats/answers.ts'
import { type ImportPlan, keepsBytes } from '#lib/training-data/formats/plan.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'))

describe('the browser recognises files that are not text', () => {
  test.each([
    ['a line of chat', bytes('{"messages":[]}\n'), null],
    ['Arabic', bytes('سؤال,جواب\n'), null],
    ['UTF-16 with a byte order mark', utf16('\uFEFFquestion,answer'), null],
    ['UTF-16 without a mark', utf16('question,answer'), null],
    ['a workbook', bytes('PK\u0003\u0004rest'), 'zip'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), null],
    ['Parquet', bytes('PAR1'), 'parquet'],
    [
      'an image',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3, 4, 5, 6, 7),
      'media',
    ],
  ])('%s', (_, head, fault) => expect(faultOfHead(head)).toBe(fault))
})

describe('a plan follows the choices of the user', () => {
  const lines: ImportPlan = { container: 'jsonl', mapping: { shape: 'lines' } }

  test('columns are mapped by name, never by position', () => {
    const named = withShape(lines, 'columns', ['id', 'answer', 'question'])
    expect(named.mapping).toMatchObject({ user: 'question', assistant: 'answer' })
    const unnamed = withShape(lines, 'columns', ['first', 'second', 'third'])
    expect(unnamed.mapping).toMatchObject({ user: null, assistant: null, rejected: null })
    expect(undecided(unnamed, [])).toBe('columns')
  })

  test('only a table has a delimiter', () => {
    const table = withContainer(lines, 'csv')
    expect(table.delimiter).toBe(',')
    expect(delimiterName(table.delimiter)).toBe('comma')
    expect('delimiter' in withContainer(table, 'json')).toBe(false)
  })

  test('missing columns are mapped again, existing ones stay', () => {
    const mapping = { ...columnsNamed([]), user: 'q;a', assistant: 'q;a' }
    const plan: ImportPlan = { container: 'csv', mapping }
    expect(undecided(plan, [])).toBe('same')
    expect(fitted(plan, ['prompt', 'completion']).mapping).toMatchObject({
      user: 'prompt',
      assistant: 'completion',
    })
    const chosen = fitted(plan, ['prompt', 'completion'])
    expect(fitted(chosen, ['completion', 'prompt', 'more'])).toBe(chosen)
  })

  test('only lines of training data need no mapping', () => {
    expect(keepsBytes(lines)).toBe(true)
    expect(keepsBytes(withContainer(lines, 'json'))).toBe(false)
    expect(keepsBytes(withShape(lines, 'alpaca', []))).toBe(false)
  })
})

describe('a line as a conversation', () => {
  test('roles, text, images, calls and weights', () => {
    const talk = readTalk(
      JSON.stringify({
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Look' },
              { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
            ],
          },
          {
            role: 'assistant',
            tool_calls: [{ id: '1', type: 'function', function: { name: 'look', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: '1', content: 'A cat' },
          { role: 'assistant', content: 'A cat.', weight: 0 },
        ],
      }),
    )
    expect(talk?.map(({ role, text }) => [role, text])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'Look'],
      ['assistant', ''],
      ['tool', 'A cat'],
      ['assistant', 'A cat.'],
    ])
    expect(talk?.[1]?.images).toBe(1)
    expect(talk?.[2]?.calls).toEqual(['look'])
    expect(talk?.map(({ trained }) => trained)).toEqual([true, true, true, true, false])
  })

  test('a preference pair marks the better and the worse answer', () => {
    const say = (content: string) => [{ role: 'assistant', content }]
    const talk = readTalk(
      JSON.stringify({
        input: { messages: [{ role: 'user', content: 'Hi' }] },
        preferred_output: say('Hello!'),
        non_preferred_output: say('What?'),
      }),
    )
    expect(talk?.map(({ text, side }) => [text, side])).toEqual([
      ['Hi', null],
      ['Hello!', 'better'],
      ['What?', 'worse'],
    ])
  })

  test('null for a line that is not an example', () => {
    for (const line of ['', '{"messages":[', '[]', '{"messages":"hi"}']) expect(readTalk(line)).toBeNull()
  })
})
