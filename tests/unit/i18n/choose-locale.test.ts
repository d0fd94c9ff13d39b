import { describe, expect, test } from 'vitest'
import { chooseLocale, localeCookie } from '#lib/i18n/choose-locale.ts'
import { LOCALES } from '#lib/i18n/locale.ts'

const accepting = (header: string | null, cookie: string | null = null) =>
  chooseLocale({ get: (name) => (name === 'cookie' ? cookie : name === 'accept-language' ? header : null) })

describe('a browser that has chosen nothing', () => {
  test.each([
    [null, 'en'],
    ['', 'en'],
    ['ar', 'ar-u-nu-latn'],
    ['AR-eg', 'ar-u-nu-latn'],
    ['ar-EG,ar;q=0.9,en-US;q=0.8,en;q=0.7', 'ar-u-nu-latn'],
    ['en-US,en;q=0.9,ar;q=0.8', 'en'],
    ['fr-FR, fr;q=0.9, ar;q=0.4, en;q=0.3', 'ar-u-nu-latn'],
    ['en;q=0.3, ar;q=0.4', 'ar-u-nu-latn'],
    ['en, ar', 'en'],
    ['ar, en', 'ar-u-nu-latn'],
    ['ar;q=0, en;q=0.1', 'en'],
    ['ar;q=0', 'en'],
    ['de, fr;q=0.5', 'en'],
    ['*', 'en'],
    ['arn', 'en'],
    ['ar;q=x, en;q=0.1', 'en'],
    ['constructor, __proto__', 'en'],
    [',;,;q=,=;', 'en'],
  ])('that accepts %j gets %s', (header, locale) => expect(accepting(header)).toBe(locale))
})

describe('what was chosen in the menu', () => {
  test.each(LOCALES)('%s wins over what the browser prefers', (locale) => {
    const [cookie = ''] = localeCookie(locale).split(';')
    expect(accepting('ar', cookie)).toBe(locale)
    expect(accepting('en', `other=1; ${cookie}; last=2`)).toBe(locale)
  })

  test.each(['limerick-locale=', 'limerick-locale=fr', 'limerick-locale=ar', 'x-limerick-locale=en', ';;='])(
    '%j is no choice',
    (cookie) => expect(accepting('ar', cookie)).toBe('ar-u-nu-latn'),
  )

  test('is kept for more than a year, and sent on links from elsewhere', () => {
    expect(localeCookie('en')).toBe('limerick-locale=en; Path=/; Max-Age=34560000; SameSite=Lax')
  })
})
