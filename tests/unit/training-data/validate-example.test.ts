import { describe, expect, it } from 'vitest'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { Example } from '#lib/training-data/schema.ts'
import { targets } from '#lib/training-data/targets.ts'
import { checkLine, readExamples } from '#lib/training-data/validate.ts'
import { answer, broken, bytesOf, good, image, place, user } from '../../support/check-lines.ts'

describe('an example', () => {
  const pair = {
    input: { messages: [user] },
    preferred_output: [answer],
    non_preferred_output: [{ ...answer, content: 'b' }],
  }
  it.each<[string, unknown, string[]]>([
    ['sound', pair, []],
    ['with tools', { ...pair, input: { ...pair.input, tools: [], parallel_tool_calls: false } }, []],
    ['without input', { ...pair, input: undefined }, ['preference-keys@input.messages']],
    [
      'without a worse answer',
      { ...pair, non_preferred_output: [] },
      ['preference-keys@non_preferred_output'],
    ],
    [
      'with two messages in an answer',
      { ...pair, preferred_output: [answer, answer] },
      ['preference-keys@preferred_output'],
    ],
    ['answered by the user', { ...pair, preferred_output: [user] }, ['preference-keys@preferred_output']],
    [
      'with equal answers',
      { ...pair, non_preferred_output: [answer] },
      ['preference-keys@non_preferred_output'],
    ],
    [
      'with equal answers in parts',
      { ...pair, non_preferred_output: [{ ...answer, content: [{ type: 'text', text: 'a' }] }] },
      ['preference-keys@non_preferred_output'],
    ],
    [
      'with a picture',
      { ...pair, input: { messages: [{ role: 'user', content: [image] }] } },
      ['preference-keys@input.messages[0].content', '(image-part-unsupported@input.messages[0].content[0])'],
    ],
    [
      'with a stray key',
      { ...pair, input: { ...pair.input, functions: [] } },
      ['unknown-key@input.functions'],
    ],
    [
      'with a wrong role',
      { ...pair, input: { messages: [{ ...user, role: 'bot' }] } },
      ['bad-role@input.messages[0].role'],
    ],
    [
      'with an empty answer',
      { ...pair, preferred_output: [{ ...answer, content: '' }] },
      ['empty-content@preferred_output[0].content'],
    ],
    [
      'of a wrong shape',
      { ...pair, input: { messages: [{ ...user, content: 7 }] } },
      ['bad-shape@input.messages[0].content'],
    ],
  ])('that is a preference pair %s', (_, value, expected) => {
    expect(broken(value)).toEqual(expected)
  })

  it('with a picture is an error where pictures cannot be read', () => {
    const value = { messages: [{ role: 'user', content: [image] }, answer] }
    expect(broken(value, { target: targets.engine })).toEqual([
      'image-part-unsupported@messages[0].content[0]',
    ])
  })

  it('longer than the context is told with both figures', () => {
    const target = { ...targets.compatible, context: 8 }
    const read = () => ({ tokens: 9, trained: 3, left: 2 })
    const { issues } = checkLine(lineOf(good(1), 1), { target, read })
    expect(issues).toMatchObject([
      { rule: 'over-context', severity: 'warning', values: { what: 'part', tokens: 9, limit: 8, lost: 1 } },
    ])
  })

  it.each([
    `sk-${'x1'.repeat(12)}`,
    'AKIAABCDEFGHIJKLMNOP',
    `ghp_${'a1'.repeat(18)}`,
    `hf_${'a1'.repeat(16)}`,
    `AIza${'a'.repeat(35)}`,
    'xoxb-1234567890-abc',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJlc2lnbmF0',
    '-----BEGIN RSA PRIVATE KEY-----',
    'jane@acme.io',
    '4111 1111 1111 1111',
    '4111111111111111',
    'GB82 WEST 1234 5698 7654 32',
    'a\u202eb',
  ])('that holds %s is told wherever it stands', (secret) => {
    for (let offset = 0; offset < 8; offset++) {
      const found = broken({
        messages: [user, { ...answer, content: `${'x '.repeat(offset)}é ${'.'.repeat(offset)} ${secret}` }],
      })
      expect(found).toHaveLength(1)
    }
  })

  it('whose role comes twice is refused: the second would silently win', () => {
    const line =
      '{"messages": [{"role": "user", "role": "system", "content": "q"}, {"role": "assistant", "content": "a"}]}'
    const { issues, example } = checkLine(lineOf(line, 4))
    expect(issues.map(place)).toContain('4:32 error duplicate-key')
    expect(example).toBeNull()
  })

  it('with half a surrogate pair is refused: it would silently change', () => {
    const line = good(1).replace('"a1"', '"\\ud800"')
    expect(checkLine(lineOf(line, 1)).issues).toMatchObject([{ rule: 'lone-surrogate', severity: 'error' }])
  })

  it('points at the value, in the column of the physical line', () => {
    const line = `  {"messages": [{"role": "user", "content": "é😀"}, {"role": "assistant", "content": "a", "weight": 2}]}`
    const [issue] = checkLine(lineOf(line, 3)).issues
    expect(issue).toMatchObject({
      line: 3,
      column: line.indexOf('2}]') + 1,
      message: 2,
      path: 'messages[1].weight',
    })
  })

  it('of 9 MB in one line is refused unread', () => {
    const line = lineOf(good(1).replace('"a1"', `"${'a'.repeat(9 * 2 ** 20)}"`), 1)
    expect(checkLine(line).issues).toMatchObject([
      { rule: 'too-big', values: { what: 'line', megabytes: 8 } },
    ])
  })

  it('that passes is what the schema gives', () => {
    const [example] = readExamples(bytesOf(good(1)))
    expect(example).toEqual(Example.parse(JSON.parse(good(1))))
  })
})
