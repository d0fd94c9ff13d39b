import { expect, test } from 'vitest'
import { keyWords } from '#components/ui/use-mac.ts'

test('a key hint is named as the keyboard has it', () => {
  expect(keyWords('mod+↵', true)).toBe('⌘↵')
  expect(keyWords('mod+↵', false)).toBe('Ctrl ↵')
  expect(keyWords('N', true)).toBe('N')
})
