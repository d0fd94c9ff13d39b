import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordParts } from '#components/ui/word-parts.ts'

/** `-gone-`, `+come+`, and what stays as it is. */
const told = (before: string, after: string): string =>
  wordParts(before, after)
    .parts.map(({ value, removed, added }) => (removed ? `-${value}-` : added ? `+${value}+` : value))
    .join('')

describe('the pieces of two texts', () => {
  it('join changes that only a short word keeps apart', () => {
    const [before, after] = ['The red and old house by the river', 'The new or big house by the river']
    expect(told(before, after)).toBe('The -red and old-+new or big+ house by the river')
    expect(told('one two three four', 'one 2 three four')).toBe('one -two-+2+ three four')
    // A longer word between them is a place to rest the eye.
    expect(told('a red element was found here', 'a blue element is found here')).toBe(
      'a -red-+blue+ element -was-+is+ found here',
    )
  })

  it('are apart when they share few words', () => {
    expect(wordParts('Neon is a noble gas', 'There once was a light')).toMatchObject({
      apart: true,
      parts: [{ removed: true }, { added: true }],
    })
    expect(wordParts('Neon is a noble gas', 'Neon is a rare gas').apart).toBe(false)
    expect(wordParts('', 'Something new').apart).toBe(false)
    expect(wordParts('same', 'same')).toEqual({
      apart: false,
      parts: [{ value: 'same', removed: false, added: false }],
    })
  })

  it('always make both texts again', () => {
    const word = fc.constantFrom('red', 'blue', 'a', 'the', 'element', 'gas', 'نص', '\n', '42')
    const text = fc.array(word, { maxLength: 20 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { parts } = wordParts(before, after)
        const side = (out: 'removed' | 'added') =>
          parts.flatMap((part) => (part[out] ? [] : part.value)).join('')
        expect(side('added')).toBe(before)
        expect(side('removed')).toBe(after)
      }),
    )
  })
})
