import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Origin, readLoose } from '#lib/training-data/loose-json.ts'

describe('readLoose', () => {
  it.each<[string, string, Origin]>([
    [`{'a': 'b', "c": "it isn't", 'd': None}`, `{"a": "b", "c": "it isn't", "d": null}`, 'python'],
    [`{'a': 'He said "no"\\n', 'b': 'isn\\'t'}`, `{"a": "He said \\"no\\"\\n", "b": "isn't"}`, 'python'],
    [`{'a': 'It isn't, or is it'}`, `{"a": "It isn't, or is it"}`, 'python'],
    [`{"a": True, "b": [False, None,]}`, `{"a": true, "b": [false, null]}`, 'python'],
    [`{'a': (1, 'b'), 'c': ('d'), 'e': ()}`, `{"a": [1, "b"], "c": "d", "e": []}`, 'python'],
    [`{u'a': u'caf\\xe9 \\U0001f600 \\x22'}`, `{"a": "café 😀 \\""}`, 'python'],
    [`{'a': nan, 'b': -inf}`, `{"a": null, "b": null}`, 'python'],
    [`{"loss": NaN, "b": -Infinity}`, `{"loss": null, "b": null}`, 'not-a-number'],
    [`{“a”: “It’s a “real” thing”, ‘b’: “c"}`, `{"a": "It’s a “real” thing", "b": "c"}`, 'curly-quotes'],
    [`"{""a"": ""b, \\""c\\""""}"`, `{"a": "b, \\"c\\""}`, 'spreadsheet'],
    [`"{\\"a\\": \\"b\\"}"`, `{"a": "b"}`, 'spreadsheet'],
    [`{a: "b", $c: undefined} // so`.replace(' // so', ''), `{"a": "b", "$c": null}`, 'javascript'],
    [`{"a": 1, /* one */ "b": 2}`, `{"a": 1,  "b": 2}`, 'javascript'],
    [`\ufeff{"a":\u00a01}\0\0`, `{"a":1}`, 'mark'],
    [`{"a": "b\tc\0"}`, `{"a": "b\\tc\\u0000"}`, 'control'],
    [`{"a": [1, ], }`, `{"a": [1 ] }`, 'comma'],
    [`{"a": "\\x41"}`, `{"a": "A"}`, 'python'],
  ])('%s is read', (text, json, origin) => {
    expect(readLoose(text)).toEqual({ json, origin })
    expect(() => JSON.parse(json)).not.toThrow()
  })

  it.each([
    '{"a": 1}',
    '"a"',
    '{"a" 1}',
    `['a' 'b']`,
    `[{'a': 1} {'a': 2}]`,
    `{'a', 'b'}`,
    `{'a': b'c'}`,
    `{'a': array([1])}`,
    `{'a': 'b`,
    '{"a": "C:\\q"}',
    '{"a": "\\frac"}',
    `{'a': ...}`,
    '{"a": 01}',
    '{"a": 1.}',
    '[,]',
    '[1,,2]',
    '{"a": 1} {"b": 2}',
    '{"a": 1}, ',
    '/',
    '"{""a"": "b"}"',
    '',
  ])('%s is JSON already, or may mean anything', (text) => expect(readLoose(text)).toBeNull())

  it('keeps every string that Python writes', () => {
    /** Python's `repr` of a text: in the quotes that need no escape. */
    const repr = (text: string) => {
      const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
      const body = Array.from(text, (sign) => {
        const code = sign.codePointAt(0) ?? 0
        if (sign === '\\' || sign === quote) return `\\${sign}`
        const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[sign]
        return short ?? (code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : sign)
      })
      return `${quote}${body.join('')}${quote}`
    }
    const unit = fc.constantFrom("'", '"', '\\', ',', ':', '}', ' ', 'n', '\n', '\x01', 'é', '😀', '”', '[')
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (key, text) => {
        const { json } = readLoose(`{${repr(key)}: [${repr(text)}, None]}`) ?? { json: 'null' }
        expect(JSON.parse(json)).toEqual({ [key]: [text, null] })
      }),
      { numRuns: 1_000 },
    )
  })

  it('takes time linear in the text', () => {
    for (const piece of ["'", "' ", "''", '“', '" ', '\ufeff ', '/*', '(', "u'", '\\x41', '""'])
      expect(readLoose(`{'a': '${piece.repeat(400_000)}`)).toBeNull()
  })
})
