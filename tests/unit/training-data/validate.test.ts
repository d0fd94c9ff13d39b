import { describe, expect, it } from 'vitest'
import type { Issue } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { Example } from '#lib/training-data/schema.ts'
import { targets } from '#lib/training-data/targets.ts'
import { type CheckOptions, checkLine, readExamples, validateLines } from '#lib/training-data/validate.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const good = (n: number) =>
  `{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q${n}"}, {"role": "assistant", "content": "a${n}"}]}`
const ten = Array.from({ length: 10 }, (_, n) => good(n))
const check = (text: string, options?: CheckOptions) => validateLines(bytesOf(text), options)
const place = ({ rule, severity, line, column }: Issue) => `${line}:${column} ${severity} ${rule}`
const places = (text: string, options?: CheckOptions) => check(text, options).issues.map(place)

describe('a file', () => {
  it('of ten examples is ready, with or without a last line break', () => {
    expect(check(ten.join('\n'))).toMatchObject({ issues: [], rows: 10, lines: 10, errors: 0 })
    expect(check(`${ten.join('\n')}\n`)).toMatchObject({ issues: [], rows: 10, lines: 10 })
  })

  it('needs ten examples, unless told otherwise', () => {
    expect(places(ten.slice(5).join('\n'))).toEqual(['1:1 error too-few-rows'])
    expect(places(ten.slice(5).join('\n'), { minimumRows: 1 })).toEqual([])
  })

  it('tells of blank lines, CRLF and the byte order mark, and counts physical lines', () => {
    const text = `\ufeff${ten[0]}\r\n\r\n  \n${ten.slice(1).join('\n')}\nnull`
    const { issues, rows, lines } = check(text)
    expect(issues.map(place)).toEqual([
      '1:1 warning bom',
      '1:1 warning crlf',
      '2:1 warning blank-line',
      '3:1 warning blank-line',
      '13:1 error not-object',
    ])
    expect({ rows, lines }).toEqual({ rows: 11, lines: 13 })
    expect(issues.at(-1)).toMatchObject({ row: 11, values: { kind: 'null' } })
  })

  it('tells a record broken over lines once, and goes on after it', () => {
    const pretty = JSON.stringify(JSON.parse(good(99)), null, 2)
    const text = `${ten.join('\n')}\n${pretty}\n{"messages": 1}\n`
    const count = pretty.split('\n').length
    const { issues, rows } = check(text)
    expect(issues.map(place)).toEqual(['11:1 error multi-line-json', `${11 + count}:14 error no-messages`])
    expect(issues[0]?.values).toEqual({ lines: count, last: 10 + count })
    expect(rows).toBe(12)
  })

  it('sees a raw line break inside a string for what it is', () => {
    const text = `${ten.join('\n')}\n${good(11).replace('"a11"', '"a\nb"')}`
    expect(places(text)).toEqual(['11:1 error multi-line-json'])
  })

  it('judges line by line when an open bracket is never closed', () => {
    const open = '{"messages": [{"role": "user"'
    const { issues, rows } = check(`${open}\n${ten.join('\n')}`)
    expect(issues.map(place)).toEqual([`1:${open.length + 1} error bad-json`])
    expect(rows).toBe(11)
  })

  it('stays linear when every line is left open', () => {
    const { errors, rows } = check('{"a":[\n'.repeat(20_000))
    expect({ errors, rows }).toEqual({ errors: 20_000, rows: 20_000 })
  })

  it('keeps two hundred problems of a rule and counts the rest', () => {
    const report = check('[]\n'.repeat(1_500))
    expect(report.issues.filter(({ rule }) => rule === 'not-object')).toHaveLength(200)
    expect(report.byRule).toEqual({ 'not-object': 1_500, duplicate: 1_499 })
    expect([report.errors, report.warnings]).toEqual([1_500, 1_499])
  })

  it('warns of an example that comes twice', () => {
    expect(places(`${ten.join('\n')}\n ${ten[3]} \n`)).toEqual(['11:1 warning duplicate'])
  })

  it('is refused when nothing in it is trained on', () => {
    const silent = ten.map((line) => line.replace(/("a\d")/, '$1, "weight": 0'))
    expect(check(silent.join('\n')).byRule).toEqual({ 'no-trained-assistant': 11 })
    expect(check(silent.join('\n')).errors).toBe(1)
  })

  it('keeps U+2028 and odd numbers as data', () => {
    const odd = good(20).replace('"a20"', '"a\u2028b"')
    expect(check([...ten, odd].join('\n'), { quality: false }).issues).toEqual([])
  })
})

const user = { role: 'user', content: 'q' }
const answer = { role: 'assistant', content: 'a' }
const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
const tools = [{ type: 'function', function: { name: 'f' } }]
const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
/** Rules that one example breaks, as `rule@path`, warnings in brackets. */
const broken = (value: unknown, options?: CheckOptions) =>
  checkLine(lineOf(JSON.stringify(value), 1), options).issues.map(({ rule, severity, path }) =>
    severity === 'error' ? `${rule}@${path}` : `(${rule}@${path})`,
  )

describe('an example', () => {
  it.each<[string, unknown, string[]]>([
    ['no messages', { prompt: 'a', completion: 'b' }, ['no-messages@messages']],
    ['an empty list', { messages: [] }, ['no-messages@messages']],
    ['a stray key', { messages: [user, answer], weight: 1 }, ['unknown-key@weight']],
    [
      'a stray key in a message',
      { messages: [{ ...user, text: '' }, answer] },
      ['unknown-key@messages[0].text'],
    ],
    ['no role', { messages: [user, { content: 'x' }, answer] }, ['bad-role@messages[1].role']],
    [
      'a wrong role',
      { messages: [{ role: 'bot', content: 'x' }, user, answer] },
      ['bad-role@messages[0].role'],
    ],
    [
      'a message that is no object',
      { messages: ['x', user, answer] },
      ['bad-role@messages[0].role', 'empty-content@messages[0].content'],
    ],
    [
      'a late system message',
      { messages: [user, { role: 'system', content: 's' }, answer] },
      ['(system-not-first@messages[1])'],
    ],
    ['no user', { messages: [answer] }, ['(no-user@messages)']],
    ['no answer at the end', { messages: [user, answer, user] }, ['last-not-assistant@messages[2]']],
    [
      'an empty answer',
      { messages: [user, { role: 'assistant', content: '' }] },
      ['empty-content@messages[1].content'],
    ],
    [
      'an empty question',
      { messages: [{ role: 'user', content: '' }, answer] },
      ['(empty-content@messages[0].content)'],
    ],
    [
      'null content',
      { messages: [{ role: 'user', content: null }, answer] },
      ['empty-content@messages[0].content'],
    ],
    [
      'no trained answer',
      { messages: [user, { ...answer, weight: 0 }] },
      ['(no-trained-assistant@messages)'],
    ],
    ['weight 2', { messages: [user, { ...answer, weight: 2 }] }, ['weight-not-0-1@messages[1].weight']],
    ['weight true', { messages: [user, { ...answer, weight: true }] }, ['weight-not-0-1@messages[1].weight']],
    [
      'weight of a user',
      { messages: [{ ...user, weight: 1 }, answer] },
      ['weight-on-non-assistant@messages[0].weight'],
    ],
    [
      'a call without result',
      { messages: [user, { role: 'assistant', tool_calls: [call] }, answer] },
      ['(undeclared-tool@messages[1])', 'tool-call-without-result@messages[1].tool_calls[0]'],
    ],
    [
      'a call with result',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          answer,
        ],
        tools,
      },
      [],
    ],
    [
      'a call at the end',
      { messages: [user, { role: 'assistant', content: null, tool_calls: [call] }], tools },
      [],
    ],
    [
      'a picture',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }, image] }, answer] },
      ['(image-part-unsupported@messages[0].content[1])'],
    ],
    [
      'a picture in an answer',
      { messages: [user, { role: 'assistant', content: [image] }] },
      ['image-part-unsupported@messages[1].content[0]'],
    ],
    [
      'sound',
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }, answer] },
      ['image-part-unsupported@messages[0].content[0]'],
    ],
    [
      'content of a wrong kind',
      { messages: [{ role: 'user', content: 7 }, answer] },
      ['bad-shape@messages[0].content'],
    ],
    [
      'tools of a wrong kind',
      { messages: [user, answer], tools: [{ type: 'x' }] },
      ['bad-shape@tools[0].type'],
    ],
    [
      'a result nobody asked for',
      { messages: [user, { role: 'tool', tool_call_id: 'c1', content: '1' }, answer] },
      ['tool-result-without-call@messages[1]'],
    ],
    [
      'a result of another call',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          { role: 'tool', tool_call_id: 'c2', content: '2' },
          answer,
        ],
        tools,
      },
      ['tool-result-without-call@messages[3]'],
    ],
    [
      'two calls and their results',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [call, { ...call, id: 'c2' }] },
          { role: 'tool', tool_call_id: 'c2', content: '2' },
          { role: 'tool', tool_call_id: 'c1', content: '1' },
          answer,
        ],
        tools,
      },
      [],
    ],
    [
      'arguments that are no JSON',
      {
        messages: [
          user,
          { role: 'assistant', tool_calls: [{ ...call, function: { name: 'f', arguments: '{' } }] },
        ],
      },
      ['(undeclared-tool@messages[1])', 'tools-schema@messages[1].tool_calls[0].function.arguments'],
    ],
    [
      'a schema that is none',
      {
        messages: [user, answer],
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'string' } } }],
      },
      ['tools-schema@tools[0].function.parameters'],
    ],
    [
      'a picture from nowhere',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///a.png' } }] },
          answer,
        ],
      },
      [
        'image-limits@messages[0].content[0].image_url.url',
        '(image-part-unsupported@messages[0].content[0])',
      ],
    ],
    [
      'an answer that begins with a space',
      { messages: [user, { ...answer, content: ' a' }] },
      ['(trailing-space@messages[1].content)'],
    ],
    ['a question that begins with a space', { messages: [{ ...user, content: ' q' }, answer] }, []],
    [
      'a key',
      { messages: [user, { ...answer, content: `Use sk-${'x1'.repeat(12)} here` }] },
      ['(secret-or-pii-looking@messages[1].content)'],
    ],
    [
      'an address',
      { messages: [{ ...user, content: 'Write to jane@acme.io.' }, answer] },
      ['(secret-or-pii-looking@messages[0].content)'],
    ],
    [
      'an address of nobody',
      { messages: [{ ...user, content: 'Write to jane@example.org or ask @jane.' }, answer] },
      [],
    ],
    [
      'an account',
      { messages: [user, { ...answer, content: 'DE89 3704 0044 0532 0130 00' }] },
      ['(secret-or-pii-looking@messages[1].content)'],
    ],
    [
      'numbers that are nobody’s',
      { messages: [user, { ...answer, content: '4111 1111 1111 1112 and DE88 3704 0044 0532 0130 00' }] },
      [],
    ],
    [
      'an override of direction',
      { messages: [user, { ...answer, content: 'a\u202eb\u202c' }] },
      ['(bidi-control-chars@messages[1].content)'],
    ],
    ['a mark of direction', { messages: [user, { ...answer, content: 'ا\u200fب' }] }, []],
    ['a developer', { messages: [{ role: 'developer', content: 's' }, user, answer] }, []],
    [
      'keys named after Object’s own',
      JSON.parse(
        '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "__proto__": {"x": 1}}',
      ),
      ['unknown-key@__proto__'],
    ],
  ])('with %s', (_, value, expected) => {
    expect(broken(value)).toEqual(expected)
  })

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
