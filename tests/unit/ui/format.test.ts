import { describe, expect, test } from 'vitest'
import {
  bytes,
  compact,
  dollars,
  duration,
  fixed,
  middle,
  percent,
  sizesApart,
} from '#components/ui/format.ts'

describe('numbers tell missing, zero and nearly nothing apart', () => {
  test.each([
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
    [0, '0.00'],
    [0.004, '<0.01'],
    [0.0051, '0.01'],
    [-0.004, '>-0.01'],
    [9120, '9,120.00'],
  ])('fixed(%s) is %s', (value, words) => expect(fixed(value)).toBe(words))

  test('money keeps the sign before the dollar', () => {
    expect([0, 4_000, 1_940_000, null].map(dollars)).toEqual(['$0.00', '<$0.01', '$1.94', '–'])
  })

  test('shares and large counts', () => {
    expect([
      percent(0.47),
      percent(null),
      compact(9120),
      compact(31_280),
      compact(2_800_000),
      compact(1_235_800_000),
    ]).toEqual(['47 %', '–', '9,120', '31.3 k', '2.8 M', '1.24 B'])
  })
})

test.each([
  [41, '41 ms'],
  [620, '0.62 s'],
  [17_600, '17.6 s'],
  [59_960, '1 min'],
  [380_000, '6 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [null, '–'],
])('%s ms is %s', (ms, words) => expect(duration(ms)).toBe(words))

test.each([
  [0, '0 bytes'],
  [4021, '4,021 bytes'],
  [5_700_000, '5.7 MB'],
  [536_870_912, '536.9 MB'],
])('%s is %s', (size, words) => expect(bytes(size)).toBe(words))

test('an id keeps both its ends, a short one all', () => {
  expect(middle('ftjob-8KqAbCdEfGhIjx2M', 8, 3)).toBe('ftjob-8K…x2M')
  expect(middle('ftjob-8Kq', 8, 3)).toBe('ftjob-8Kq')
})

test('two sizes that are compared look different', () => {
  expect(sizesApart(5_100_000_000, 4_300_000_000)).toEqual(['5.1 GB', '4.3 GB'])
  expect(sizesApart(1_024_000_000, 1_000_000_000)).toEqual(['1,024 MB', '1,000 MB'])
})
