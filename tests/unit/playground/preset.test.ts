import { expect, test } from 'vitest'
import { queryOf } from '#lib/playground/preset.ts'
import { presetOf } from '#lib/playground/read-preset.ts'
import type { Preset } from '#lib/playground/schema.ts'

const preset: Preset = {
  system: 'Elle answers\nin limericks & = ?',
  prompt: 'أخبرني عن الذهب +1',
  ...{ temperature: 0.7, topP: null, maxTokens: 64, seed: 0, samples: 3 },
}

test('a prompt comes back from the query as it was', () => {
  expect(presetOf(queryOf(preset))).toEqual(preset)
  expect(presetOf(queryOf({ ...preset, prompt: '', temperature: null }))).toEqual({
    ...preset,
    ...{ prompt: '', temperature: null },
  })
})

test('settings without words are nothing to keep', () =>
  expect(queryOf({ ...preset, system: '', prompt: '' })).toBe(''))

test.each(['', 'prompt=a', 'prompt=a&maxTokens=many', 'prompt=a&maxTokens=5&temperature=9'])(
  '%j is no prompt',
  (query) => expect(presetOf(query)).toBeNull(),
)
