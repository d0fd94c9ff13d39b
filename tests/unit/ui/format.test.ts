import { describe, expect, test } from 'vitest'
import { formatIn, middle } from '#components/ui/format.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'

const formatOf = (locale: Locale) => formatIn(locale, translate('language.units', locale))
const { bytes, clock, compact, dollars, duration, fixed, list, percent, pValue, signed, sizesApart } =
  formatOf('en')

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
    expect([0, 4_000, 1_940_000, null].map((micro) => dollars(micro))).toEqual([
      '$0.00',
      '<$0.01',
      '$1.94',
      '–',
    ])
  })

  test('an amount may have more decimals', () => {
    expect([dollars(123, 6), dollars(0.2, 6), dollars(4_000_000, 6)]).toEqual([
      '$0.000123',
      '<$0.000001',
      '$4.000000',
    ])
  })

  test('a change has a sign, a chance its relation', () => {
    expect([signed(0.12), signed(-0.5), pValue(0.0004), pValue(0.004), pValue(0.04)]).toEqual([
      '+0.12',
      '−0.50',
      '< 0.001',
      '= 0.004',
      '= 0.04',
    ])
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

test('an axis has one unit', () => {
  expect([45.54, 600, 9_000].map(clock)).toEqual(['45.5 s', '10 min', '2.5 h'])
})

/** Without the marks that keep a figure's own order in a text from right to left. */
const bare = (text: string) => text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, '')

describe('in Arabic', () => {
  const latin = formatOf('ar-u-nu-latn')
  const arabic = formatOf('ar-u-nu-arab')

  test('digits are Latin unless Arabic-Indic ones are chosen', () => {
    expect([latin.count(9120), latin.fixed(0.5), latin.digits('1.0')]).toEqual(['9,120', '0.50', '1.0'])
    expect([arabic.count(9120), arabic.fixed(0.5), arabic.digits('1.0')]).toEqual(['٩٬١٢٠', '٠٫٥٠', '١٫٠'])
  })

  test('units are Arabic', () => {
    expect([latin.duration(380_000), latin.bytes(5_700_000), latin.compact(31_280)].map(bare)).toEqual([
      '6 د 20 ث',
      '5.7 MB',
      '31.3 ألف',
    ])
    expect(bare(arabic.duration(380_000))).toBe('٦ د ٢٠ ث')
  })

  test('a figure with a sign or a unit is isolated, a plain number is not', () => {
    const figures = [latin.dollars(1_940_000), latin.percent(0.47), latin.fixed(0.004), latin.signed(-0.5)]
    for (const figure of figures) expect(figure).toMatch(/^\u2068.+\u2069$/)
    expect(latin.count(1_234)).toMatch(/^[\d,]+$/)
  })

  test('days and lists are written as a reader expects them', () => {
    const at = Date.UTC(2026, 10, 22)
    const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
    expect(formatOf('en').date(at, day, 'UTC')).toBe('22 Nov 2026')
    expect(bare(latin.date(at, day, 'UTC'))).toBe('22 نوفمبر 2026')
    expect(bare(arabic.date(at, day, 'UTC'))).toBe('٢٢ نوفمبر ٢٠٢٦')
    expect([list(['a', 'b']), latin.list(['a', 'b'])]).toEqual(['a, b', 'a، b'])
  })
})
