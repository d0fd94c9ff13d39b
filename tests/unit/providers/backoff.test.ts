import { expect, test } from 'vitest'
import { retryAfterOf } from '#lib/providers/backoff.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

test.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['parts of a second', { 'retry-after': '1.5' }, 1_500],
  ['none at all', { 'retry-after': '0' }, 0],
  ['milliseconds, before anything else', { 'retry-after-ms': '250', 'retry-after': '120' }, 250],
  ['a date', { 'retry-after': 'Sun, 22 Nov 2026 12:05:00 GMT' }, 300_000],
  ['a date that is over', { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
  ['nothing', {}, 20_000],
  ['nothing that we can read', { 'retry-after': 'soon' }, 20_000],
])('a provider that asks for %s', (_what, headers, ms) => {
  expect(retryAfterOf(new Headers(headers as Record<string, string>), NOW)).toBe(ms)
})
