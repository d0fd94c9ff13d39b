import { describe, expect, test } from 'vitest'
import { verseOf } from '#lib/demo/limerick-lines.ts'

const FIVE = 'Neon, a gas that will never react - Shines red - From air - And signs - Spell bars'

describe('verse view', () => {
  test('five dash-separated parts are five lines', () => {
    expect(verseOf(FIVE, true)).toEqual([
      'Neon, a gas that will never react',
      'Shines red',
      'From air',
      'And signs',
      'Spell bars',
    ])
  })

  test.each([
    ['prose', 'Neon is a noble gas.'],
    ['four parts', 'a - b - c - d'],
    ['six parts', 'a - b - c - d - e - f'],
    ['an empty part', 'a - b -  - d - e'],
    ['several paragraphs', 'a - b - c\n\nd - e - f'],
    ['a hyphenated word', 'a well-known gas with a half-life'],
    ['long sentences with dashes', `${'word '.repeat(40)}- b - c - d - e`],
    ['nothing', ''],
  ])('%s is no verse', (_what, text) => expect(verseOf(text, true)).toBeNull())

  test('while it streams, the lines so far are shown from the first dash on', () => {
    const seen = [...FIVE].map((_, end) => verseOf(FIVE.slice(0, end + 1), false)?.length ?? 0)
    expect(seen.filter((count, index) => count < (seen[index - 1] ?? 0))).toEqual([])
    expect(new Set(seen)).toEqual(new Set([0, 2, 3, 4, 5]))
  })

  test('other dashes work too', () => expect(verseOf('a – b — c - d – e', true)).toHaveLength(5))
})
