import { describe, expect, it } from 'vitest'
import { checkLine } from '#lib/training-data/check.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { scanJson } from '#lib/training-data/json.ts'
import { offsetOf } from '#lib/training-data/json-path.ts'
import { precheckJson } from '#lib/training-data/json-precheck.ts'
import { lineOf, textLines } from '#lib/training-data/jsonl.ts'
import { type CheckOptions, validateLines } from '#lib/training-data/validate.ts'
import { bytesOf, countWords } from '../../support/rule-files.ts'

const row = '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}'
const said = (content: string) => row.replace('"a"', `"${content}"`)
const place = ({ rule, severity, line, column }: Issue) => `${line}:${column} ${severity} ${rule}`
const places = (bytes: Uint8Array, options: CheckOptions = { minimumRows: 0 }) =>
  validateLines(bytes, options).issues.map(place)
const rules = (text: string) => checkLine(lineOf(text, 1)).issues.map(place)

/** xorshift32: the same texts on every run. */
function random(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

describe('bytes that are not UTF-8', () => {
  it.each([
    ['a Latin-1 letter', 'caf\udce9', 78],
    ['a cut character', 'a\udce2\udc82', 76],
    ['an overlong form', '\udcc0\udcaf', 75],
    ['a surrogate in UTF-8', '\udced\udca0\udc80', 75],
  ])('%s is refused with its column, and the lines around it stand', (_, content, column) => {
    const found = places(bytesOf([row, said(content), said('b')].join('\n')))
    expect(found.filter((one) => !one.includes('answers'))).toEqual([`2:${column} error not-utf8`])
  })
})

describe('line ends', () => {
  it('are LF only: a bare CR, U+2028, U+2029 and NEL are data', () => {
    const text = [said('a\u2028b'), said('a\u2029b'), said('a\u0085b')].join('\n')
    expect([...textLines(bytesOf(text))]).toHaveLength(3)
    expect(validateLines(bytesOf(text), { minimumRows: 0, quality: false }).issues).toEqual([])
    expect(places(bytesOf(`${row}\r${row}`), { minimumRows: 0 })).toEqual([
      `1:${row.length + 2} error bad-json`,
    ])
  })

  it('give warnings for CRLF and blank lines', () => {
    expect(places(bytesOf(`${row}\r\n\r\n\n \t\n`))).toEqual([
      '1:1 warning crlf',
      '2:1 warning blank-line',
      '3:1 warning blank-line',
      '4:1 warning blank-line',
    ])
  })
})

it('a byte order mark is removed at byte 0 only', () => {
  expect(places(bytesOf(`\ufeff${row}`))).toEqual(['1:1 warning bom'])
  expect(places(bytesOf(`${row}\n\ufeff${said('b')}`))).toEqual(['2:1 error bad-json'])
})

describe('a lone surrogate', () => {
  it.each(['\\ud83d', '\\uDE00', '\\ud83dx\\ude00', '\\ude00\\ud83d', '\\\\\\ud83d'])(
    'as in %s is refused',
    (content) => {
      expect(rules(said(content))).toEqual(['1:74 error lone-surrogate'])
    },
  )

  it.each(['\\ud83d\\ude00', '😀', '\\\\ud83d', '\\u06de', '\\ud7ff'])('is not found in %s', (content) => {
    expect(rules(said(content))).toEqual([])
  })

  it('in a key is refused too', () => {
    expect(rules(row.replace('{"role":"user"', '{"\\ud800":1,"role":"user"'))).toContainEqual(
      expect.stringContaining('error lone-surrogate'),
    )
  })
})

describe('NUL', () => {
  it('is refused, also at the end and in a key', () => {
    expect(rules(said('a\\u0000b'))[0]).toContain('error nul-character')
    expect(rules(said('\\\\\\u0000'))[0]).toContain('error nul-character')
    expect(rules(said('\\\\u0000'))).toEqual([])
    expect(rules(said('a\0b'))[0]).toContain('error bad-json')
  })
})

describe('depth', () => {
  const nested = (levels: number) => `{"messages":${'['.repeat(levels)}${']'.repeat(levels)}}`

  it('is limited before any recursive reader runs', () => {
    expect(rules(nested(65))).toEqual(['1:76 error too-deep'])
    expect(rules(nested(63))[0]).toContain('error bad-role')
    expect(rules(nested(2_000_000))).toEqual(['1:76 error too-deep'])
    expect(rules('{"a":'.repeat(1_000_000))).toEqual(['1:321 error too-deep'])
  })

  it('is limited in the arguments of a call too', () => {
    const args = JSON.stringify(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const call = `{"id":"c","type":"function","function":{"name":"f","arguments":${args}}}`
    const line = `{"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[${call}]}],"tools":[{"type":"function","function":{"name":"f"}}]}`
    expect(rules(line)).toEqual([])
  })
})

describe('duplicate keys', () => {
  it.each([
    ['role', row.replace('"role":"user"', '"role":"user","role":"system"'), 'error'],
    ['an escaped role', row.replace('"role":"user"', '"role":"user","\\u0072ole":"system"'), 'error'],
    ['content', row.replace('"content":"q"', '"content":"q","content":"r"'), 'error'],
    ['messages', row.replace('{"messages"', '{"messages":[],"messages"'), 'error'],
    ['a name', row.replace('"role":"user"', '"role":"user","name":"a","name":"b"'), 'warning'],
  ])('are seen: %s', (_, line, severity) => {
    expect(rules(line)[0]).toContain(`${severity} duplicate-key`)
  })

  it('are not found if two objects have the same keys', () => {
    expect(precheckJson('{"a":{"a":{"a":[{"a":1},{"a":1}]}},"b":{"a":1}}')).toBe('plain')
  })
})

describe('numbers', () => {
  const numbered = (number: string) =>
    row.replace(
      /}$/,
      `,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","maximum":${number}}}}]}`,
    )

  it.each([
    '9007199254740993',
    '1e400',
    '-1e999',
    '1e-400',
    '0.12345678901234567891',
    '123456789012345678901234567890',
  ])('%s are told, and the line stays as it is', (number) => {
    expect(rules(numbered(number)).join()).toContain('warning number-precision')
  })

  it.each(['9007199254740992', '1e21', '0.1', '1.7976931348623157e308', '-0', '0.000000000000000000001'])(
    '%s are not',
    (number) => {
      expect(rules(numbered(number))).toEqual([])
    },
  )
})

describe('long lines', () => {
  it('above 8 MB are refused without parsing, and the next line is read', () => {
    const found = places(bytesOf(`${said('a'.repeat(8 * 2 ** 20))}\n{`))
    expect(found.filter((one) => one.includes('error'))).toEqual(['1:1 error too-big', '2:2 error bad-json'])
  })

  it.each([
    ['one word', 'a'.repeat(1_000_000)],
    ['digits', '4111 '.repeat(200_000)],
    ['an address that never ends', 'a.'.repeat(500_000)],
    ['at signs', '@'.repeat(1_000_000)],
    ['dashes', '-----BEGIN '.repeat(90_000)],
    ['upper case', 'AB12 '.repeat(200_000)],
    ['backslashes', '\\\\'.repeat(500_000)],
    ['quotes', '\\"'.repeat(500_000)],
    ['spaces', `${' '.repeat(1_000_000)}b`],
    ['ideographs', '氖'.repeat(300_000)],
  ])('of %s are read in time that grows with their length alone', (_, content) => {
    const line = lineOf(said(content), 1)
    expect(readFacts(line, countWords).kind).toBe('chat')
  })
})

describe('objects', () => {
  it('with a thousand keys, or keys of Object.prototype, are read as data', () => {
    const keys = Array.from({ length: 1_000 }, (_, at) => `"k${at}":${at}`).join(',')
    expect(rules(row.replace(/}$/, `,${keys}}`))).toHaveLength(25)
    expect(rules(row.replace(/}$/, ',"__proto__":{"role":"x"},"constructor":1,"toString":1}'))).toHaveLength(
      3,
    )
    expect(rules('{"__proto__":{"messages":[]}}')[0]).toContain('error no-messages')
  })

  it('do not throw for unexpected types of values', () => {
    for (const odd of ['null', '1', '"x"', '[]', '{}', 'true'])
      for (const line of [
        `{"messages":${odd}}`,
        `{"messages":[${odd}]}`,
        `{"messages":[{"role":${odd},"content":${odd},"weight":${odd},"tool_calls":${odd},"function_call":${odd}}]}`,
        `{"messages":[{"role":"user","content":[${odd}]},{"role":"assistant","content":[{"type":"text","text":${odd}}]}]}`,
        `{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"tools":${odd},"functions":[${odd}]}`,
        `{"messages":[{"role":"assistant","tool_calls":[${odd}]}],"tools":[{"function":${odd}}]}`,
        `{"input":${odd},"preferred_output":${odd},"non_preferred_output":${odd}}`,
        `{"input":{"messages":${odd}},"preferred_output":[${odd}],"non_preferred_output":[${odd}]}`,
      ])
        expect(() => readFacts(lineOf(line, 1), countWords)).not.toThrow()
  })
})

describe('precheckJson', () => {
  const seed =
    '{"messages": [{"role": "user", "content": "a\\u00e9\\n\\"b\\"", "x": 1.5}, {"weight": -1, "a": [true, {}, {"k": 1, "l": 2}]}], "tools": []}'
  const alphabet = '{}[]",:\\ 0123456789.eE+-truefalskxb\u0000\u2028é😀/u'

  it('never returns plain for a text with an oddity, on 30,000 mutated texts', () => {
    const next = random(11)
    let [plain, odd] = [0, 0]
    for (let round = 0; round < 30_000; round++) {
      let text = seed
      for (let edits = 1 + next(4); edits > 0; edits--) {
        const at = next(text.length)
        const from = next(text.length)
        const piece = next(3) ? (alphabet[next(alphabet.length)] ?? '') : text.slice(from, from + next(12))
        text = text.slice(0, at) + piece + text.slice(at + next(3))
      }
      const { problem, oddities } = scanJson(text)
      if (problem !== null || !text.isWellFormed()) continue
      const seen = precheckJson(text)
      if (seen === 'plain') plain++
      else odd++
      if (seen === 'plain')
        expect(
          oddities.filter(({ kind }) => kind !== 'lone-surrogate'),
          text,
        ).toEqual([])
    }
    expect(plain).toBeGreaterThan(500)
    expect(odd).toBeGreaterThan(10)
  })

  it('finds every value at the offset that the scanner finds', () => {
    scanJson(seed, (path, start) => expect(offsetOf(seed, path)).toBe(start))
    expect(offsetOf(' {"a\\u0062": [1, {"c": 2}]}', ['ab', 1, 'c'])).toBe(23)
  })
})
