import { expect, test } from 'vitest'
import { hide, keyFilter, scrub, withoutKeys } from '#lib/http/secrets.ts'

const KEY = 'abcabd-"the key\\ü'
hide(KEY)
hide('bcabcabde')

test('every spelling of our keys is removed from a text, and nothing else', () => {
  const inJson = JSON.stringify({ error: JSON.stringify({ key: KEY }) })
  expect(withoutKeys(inJson)).toBe('{"error":"{\\"key\\":\\"[secret]\\"}"}')
  expect(withoutKeys(`?key=${encodeURIComponent(KEY)}&of=sk-somebody-else`)).toBe(
    '?key=[secret]&of=sk-somebody-else',
  )
  expect(scrub(`?key=${KEY}&of=sk-somebody-else\u001b[1m`)).toBe('?key=[secret]&of=[secret] [1m')
})

test('a key that is cut across parts is removed, in text and in bytes', () => {
  const text = `abcab ${KEY} abcabc abcabcabde, abc`
  for (const whole of [text, Buffer.from(text).toString('latin1')]) {
    for (let size = 1; size <= whole.length; size++) {
      const filter = keyFilter()
      let passed = ''
      for (let at = 0; at < whole.length; at += size) passed += filter.push(whole.slice(at, at + size))
      expect(passed + filter.rest(), `parts of ${size}`).toBe('abcab [secret] abcabc a[secret], abc')
    }
  }
})

test('text that cannot be the beginning of a key is not held back', () => {
  const filter = keyFilter()
  expect(filter.push('data: {"content":"abc"}\n\n')).toBe('data: {"content":"abc"}\n\n')
  expect(filter.push('and abc')).toBe('and ')
  expect(filter.push('x')).toBe('abcx')
})
