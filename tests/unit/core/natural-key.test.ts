import { expect, test } from 'vitest'
import { naturalKey } from '#lib/core/natural-key.ts'

const sorted = (names: string[]) =>
  names
    .map((name) => [naturalKey(name), name] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, name]) => name)

test.each([
  [['exp-11', 'exp-2', 'exp-1', 'exp-12']],
  [['v1.10', 'v1.9', 'v1.100']],
  [['b2', 'A10', 'a9']],
  [['run', 'run 0', 'run 007', 'run 8']],
  [['9'.repeat(20), `1${'0'.repeat(20)}`, '8']],
])('people order %j by their numbers', (names) => {
  const expected = names.toSorted(new Intl.Collator('en', { numeric: true }).compare)
  expect(sorted(names)).toEqual(expected)
})
