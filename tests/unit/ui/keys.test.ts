import { expect, test } from 'vitest'
import { keysAt } from '#components/shell/keys.ts'
import { nameOf } from '#components/ui/use-keys.ts'
import { keyWords } from '#components/ui/use-mac.ts'
import keys from '#lib/i18n/en/keys.json' with { type: 'json' }

test('a key hint is named as the keyboard has it', () => {
  expect(keyWords('mod+↵', true)).toBe('⌘↵')
  expect(keyWords('mod+↵', false)).toBe('Ctrl ↵')
  expect(keyWords('N', true)).toBe('N')
})

test.each([
  ['/datasets', 'list'],
  ['/datasets/data_1', 'editor'],
  ['/jobs', 'runs'],
  ['/jobs/run_1', 'run'],
  ['/jobs/compare', 'curves'],
  ['/jobs/new', 'form'],
  ['/evals/eval_1', 'evaluation'],
  ['/evals/new', 'form'],
  ['/playground', 'playground'],
])('the sheet of %s has the keys of that page, each with its words', (path, room) => {
  const groups = keysAt(path)
  expect(groups.map((group) => group.room)).toEqual([room, 'everywhere'])
  for (const [, does] of groups.flatMap((group) => group.keys)) expect(keys.does).toHaveProperty(does)
})

test.each(['/', '/models', '/providers', '/rescue', '/evals', '/datasets/data_1/versions'])(
  'the sheet of %s has the keys that work everywhere',
  (path) => expect(keysAt(path).map((group) => group.room)).toEqual(['everywhere']),
)

test.each([
  ['j', 'KeyJ', {}, 'j'],
  ['ت', 'KeyJ', {}, 'j'],
  ['لا', 'KeyB', {}, 'b'],
  ['ظ', 'Slash', {}, '/'],
  ['؟', 'Slash', { shiftKey: true }, '?'],
  ['١', 'Digit1', {}, '1'],
  ['ن', 'KeyK', { ctrlKey: true }, 'mod+k'],
  ['é', 'Digit2', {}, '2'],
  ['q', 'KeyA', {}, 'q'],
  ['ö', 'Semicolon', {}, 'ö'],
  ['Enter', 'Enter', { metaKey: true }, 'mod+enter'],
  ['ArrowLeft', 'ArrowLeft', {}, 'arrowleft'],
])('the key %s of %s with %j is named %s', (key, code, held, name) => {
  const released = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false }
  expect(nameOf({ ...released, ...held, key, code } as KeyboardEvent)).toBe(name)
})
