import { expect, test } from 'vitest'
import { keysAt } from '#components/shell/keys.ts'
import { keyWords } from '#components/ui/use-mac.ts'
import keys from '#lib/i18n/en/keys.json' with { type: 'json' }

test('a key hint is named as the keyboard has it', () => {
  expect(keyWords('mod+↵', true)).toBe('⌘↵')
  expect(keyWords('mod+↵', false)).toBe('Ctrl ↵')
  expect(keyWords('N', true)).toBe('N')
})

test.each([
  ['/datasets/data_1', 'editor'],
  ['/jobs', 'runs'],
  ['/jobs/run_1', 'run'],
  ['/jobs/new', 'form'],
  ['/evals/eval_1', 'evaluation'],
  ['/evals/new', 'form'],
  ['/playground', 'playground'],
])('the sheet of %s has the keys of that page, each with its words', (path, room) => {
  const groups = keysAt(path)
  expect(groups.map((group) => group.room)).toEqual([room, 'everywhere'])
  for (const [, does] of groups.flatMap((group) => group.keys)) expect(keys.does).toHaveProperty(does)
})
