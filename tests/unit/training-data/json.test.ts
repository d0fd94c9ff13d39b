import { describe, expect, it } from 'vitest'
import { MAX_DEPTH, scanJson } from '#lib/training-data/json.ts'
import { offsetOf } from '#lib/training-data/json-path.ts'

const seedText =
  '{"messages": [{"role": "user", "content": "a\\u00e9\\n\\"b\\""}, {"weight": -1.5e+3, "x": [true, null, {}]}]}'

/** xorshift32: the same mutations on every run. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    yield state >>> 0
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('scanJson', () => {
  it('agrees with JSON.parse on 20,000 mutated texts', () => {
    const alphabet = '{}[]",:\\ \n\t0123456789.eE+-truefalsn\u0000\u2028é😀/bu'
    const dice = random(7)
    const next = (limit: number) => (dice.next().value as number) % limit
    let accepted = 0
    for (let round = 0; round < 20_000; round++) {
      let text = seedText
      for (let edits = 1 + next(3); edits > 0; edits--) {
        const at = next(text.length)
        const cut = next(3)
        text =
          text.slice(0, at) + (next(4) ? (alphabet[next(alphabet.length)] ?? '') : '') + text.slice(at + cut)
      }
      const valid = parses(text)
      if (valid) accepted++
      expect(scanJson(text).problem === null, text).toBe(valid)
    }
    expect(accepted).toBeGreaterThan(100)
  })

  it.each([
    ['{"a": 1,}', 'expected-key', 8],
    ['[1, 2', 'unfinished', 5],
    ['{"a" 1}', 'expected-colon', 5],
    ['{"a": 1 "b": 2}', 'expected-comma', 8],
    ['{"a": "x', 'unterminated-string', 6],
    ['{"a": "x\ty"}', 'control-character', 8],
    ['{"a": "\\x"}', 'bad-escape', 7],
    ['{} {}', 'extra-data', 3],
    ["{'a': 1}", 'expected-key', 1],
    ['{"a": NaN}', 'expected-value', 6],
    ['', 'unfinished', 0],
  ])('says where %j breaks', (text, fault, offset) => {
    expect(scanJson(text).problem).toEqual({ fault, offset })
  })

  it(`goes ${MAX_DEPTH} levels deep and no deeper, without a stack overflow`, () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(scanJson(nested(MAX_DEPTH)).problem).toBeNull()
    expect(scanJson(nested(MAX_DEPTH + 1)).problem?.fault).toBe('too-deep')
    expect(scanJson(nested(1_000_000)).problem?.fault).toBe('too-deep')
  })

  it('finds duplicate keys, also if written with escapes', () => {
    const text = '{"role": "user", "r\\u006fle": "system", "b": {"role": 1}}'
    expect(scanJson(text).oddities).toEqual([{ kind: 'duplicate-key', path: ['role'], offset: 17 }])
  })

  it('finds a lone surrogate, and accepts a pair', () => {
    expect(scanJson('["\\ud83d\\ude00 😀"]').oddities).toEqual([])
    expect(scanJson('["ok", "\\ud83d"]').oddities).toEqual([{ kind: 'lone-surrogate', path: [1], offset: 7 }])
  })
})

describe('offsetOf', () => {
  it('finds a value, or its nearest existing parent', () => {
    expect(seedText.slice(offsetOf(seedText, ['messages', 1, 'weight']))).toMatch(/^-1\.5e\+3/)
    expect(seedText.slice(offsetOf(seedText, ['messages', 1, 'role']))).toMatch(/^\{"weight"/)
    expect(offsetOf(seedText, ['nothing'])).toBe(0)
  })
})
