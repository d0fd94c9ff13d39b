import { expect, test } from 'vitest'
import { lowerBound } from '#lib/core/lower-bound.ts'

test.each([
  ['in an empty list', [], 1, 0],
  ['below the first', [2, 4], 1, 0],
  ['of a value in the list', [2, 4], 4, 1],
  ['of equal values is the first', [1, 2, 2, 2, 3], 2, 1],
  ['between two', [2, 4], 3, 1],
  ['above the last', [2, 4], 5, 2],
])('the lower bound %s', (_, sorted, wanted, index) => {
  expect(lowerBound(sorted, wanted)).toBe(index)
  expect(lowerBound(Int32Array.from(sorted), wanted)).toBe(index)
})
