import cl100k from 'tiktoken/encoders/cl100k_base.json' with { type: 'json' }
import o200k from 'tiktoken/encoders/o200k_base.json' with { type: 'json' }
import { Tiktoken } from 'tiktoken/lite'
import { describe, expect, it } from 'vitest'
import { createCounter } from '#lib/tokens/counter.ts'
import { awkwardStrings } from '../../support/strings.ts'

const encodings = [
  ['o200k_base', o200k],
  ['cl100k_base', cl100k],
] as const

describe.each(encodings)('the %s counter', (_, table) => {
  const { count, pieces } = createCounter(table)
  const oracle = new Tiktoken(table.bpe_ranks, table.special_tokens, table.pat_str)
  const truth = (text: string) => oracle.encode_ordinary(text).length

  it('counts what tiktoken counts, on 100,000 awkward strings', () => {
    const wrong: string[] = []
    for (const text of awkwardStrings(100_000, 7)) if (count(text) !== truth(text)) wrong.push(text)
    expect(wrong).toEqual([])
  })

  it('treats letters new in Unicode 17 as unassigned, as tiktoken does', () => {
    for (const letter of ['\u088F', '\u{10940}', '\u{16EA0}', '\u{323B0}', '\u{33479}'])
      expect(count(`a${letter}a ${letter}!`)).toBe(truth(`a${letter}a ${letter}!`))
  })

  it('splits a text where tiktoken does', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    for (const text of awkwardStrings(2_000, 11)) {
      const parts = pieces(text)
      expect(parts.join('')).toBe(text.toWellFormed())
      const bytes = [...oracle.encode_ordinary(text)].map((id) => oracle.decode_single_token_bytes(id))
      expect(parts).toEqual(bytes.map((token) => decoder.decode(token, { stream: true })))
      decoder.decode()
    }
  })

  it('gives a character that two tokens share to the second token', () => {
    const parts = pieces('a 🧪')
    expect(parts).toHaveLength(truth('a 🧪'))
    expect(parts.slice(0, -1).join('')).not.toContain('🧪')
    expect(parts.at(-1)).toBe('🧪')
  })

  // Lengths around 128 bytes, where the merge for short pieces ends.
  it.each(['a', 'xyz', 'abcdefghijklmnopqrstuvw', '=', '𐐀', '\u0301', ' ', '\n', '的一是不了人'])(
    'merges a run of %j as tiktoken does at every length',
    (unit) => {
      const wrong = Array.from({ length: 60 }, (_, index) =>
        unit.repeat(Math.ceil((1 + index * 7) / unit.length)),
      ).filter((run) => count(run) !== truth(run))
      expect(wrong).toEqual([])
      expect(count(unit.repeat(4096 / unit.length))).toBe(truth(unit.repeat(4096 / unit.length)))
    },
  )

  it.each([100_000, 1_000_000])('comes back from a word of %i letters', (length) => {
    expect(count('a'.repeat(length))).toBe(length / 8) // "aaaaaaaa" is the longest token of them
  })

  it('counts a text longer than its buffer', () => {
    const text = [...awkwardStrings(3_000, 5)].join(' ')
    expect(text.length).toBeGreaterThan(50_000)
    expect(count(text)).toBe(truth(text))
    expect(pieces(text)).toHaveLength(count(text))
  })
})

it('throws for a pattern without a scanner', () => {
  expect(() => createCounter({ ...cl100k, pat_str: '\\w+' })).toThrow('no scanner')
})
