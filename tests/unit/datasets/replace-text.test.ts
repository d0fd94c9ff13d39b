import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replaceAll, replacerOf } from '#lib/datasets/worker/replace-text.ts'

const unit = fc.constantFrom('a', 'b', '$', '&', '🙂')
const letters = fc.string({ unit })

describe('a text is replaced', () => {
  it.each([
    ['aaaa', 'aa', 'b', true, 'bb'],
    ['One one ONE', 'one', 'two', false, 'two two two'],
    ['One one ONE', 'one', 'two', true, 'One two ONE'],
    ['İstanbul and istanbul', 'istanbul', 'Ankara', false, 'İstanbul and Ankara'],
    ['Straße STRASSE', 'straße', 'Weg', false, 'Weg STRASSE'],
    ['كتاب وكتاب', 'كتاب', 'قلم', true, 'قلم وقلم'],
    ['a.b*c', '.b*', '$&', true, 'a$&c'],
  ])('%s: %s by %s', (text, find, to, matchCase, expected) => {
    expect(replaceAll(text, { find, to, matchCase })).toBe(expected)
  })

  it('as the language does it, where case counts', () => {
    fc.assert(
      fc.property(letters, fc.string({ unit, minLength: 1, maxLength: 3 }), letters, (text, find, to) => {
        expect(replaceAll(text, { find, to, matchCase: true })).toBe(text.replaceAll(find, () => to))
      }),
    )
  })

  it('in both answers and the prompt of a pair', () => {
    const pair = JSON.stringify({
      input: { messages: [{ role: 'user', content: 'one' }] },
      preferred_output: [{ role: 'assistant', content: 'one' }],
      non_preferred_output: [{ role: 'assistant', content: 'One' }],
    })
    const replaced = replacerOf({ find: 'one', to: 'two', matchCase: false })(pair)
    expect(replaced).toBe(pair.replace(/one/gi, 'two'))
  })

  it('behind escapes, which are no reason to miss it', () => {
    const line = '{"messages":[{"role":"user","content":"caf\\u00e9"}]}'
    expect(replacerOf({ find: 'café', to: 'tea', matchCase: true })(line)).toBe(
      '{"messages":[{"role":"user","content":"tea"}]}',
    )
  })
})
