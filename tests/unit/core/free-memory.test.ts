import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { cachedFiles, freeMemory } from '#lib/core/free-memory.ts'

test('free memory is a part of all memory', () => {
  expect(freeMemory()).toBeGreaterThan(0)
  expect(freeMemory()).toBeLessThanOrEqual(totalmem())
})

test.each([
  ['version 2', 'anon 100\nfile 70\ninactive_file 40\nactive_file 20\nworkingset_refault_file 9\n', 60],
  ['version 1', 'cache 70\ntotal_cache 70\ntotal_inactive_file 40\ntotal_active_file 20\n', 60],
  ['nothing', '', 0],
])('the cache of files in a control group: %s', (_, stat, bytes) => {
  expect(cachedFiles(stat)).toBe(bytes)
})
