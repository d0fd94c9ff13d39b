import { describe, expect, it } from 'vitest'
import { findInvisible, withoutInvisible } from '#components/datasets/conversation/invisible.ts'

describe('invisible characters', () => {
  it('are listed by name and position in characters, from 1', () => {
    expect(findInvisible('😀 pay\u202eevil\u202c now')).toEqual([
      { name: 'U+202E', at: 6 },
      { name: 'U+202C', at: 11 },
    ])
  })

  it.each([
    ['zero-width space', 'a\u200bb', 'ab'],
    ['direction marks', 'a\u200e\u200fb', 'ab'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['word joiner and invisible operators', 'a\u2060\u2061\u2062\u2063\u2064b', 'ab'],
    ['byte order mark', '\ufeffa', 'a'],
    ['joiners beside a space or an end', '\u200da \u200c b\u200d', 'a  b'],
    ['joiners in a row', 'a\u200d\u200db', 'ab'],
  ])('removed: %s', (_, text, expected) => {
    expect(findInvisible(text)).not.toEqual([])
    expect(withoutInvisible(text)).toBe(expected)
    expect(findInvisible(expected)).toEqual([])
  })

  it.each([
    ['Persian', 'می\u200cخواهم'],
    ['Hindi', 'क्\u200dष'],
    ['a family', '👨\u200d👩\u200d👧'],
    ['a skin tone', '👩🏽\u200d💻'],
    ['a heart with its variation selector', '❤️\u200d🔥'],
    ['plain text', 'Hello, world\n\t“quoted” café'],
    ['Arabic without marks', 'مرحبا بالعالم'],
  ])('kept where spelling needs them: %s', (_, text) => {
    expect(findInvisible(text)).toEqual([])
    expect(withoutInvisible(text)).toBe(text)
  })
})
