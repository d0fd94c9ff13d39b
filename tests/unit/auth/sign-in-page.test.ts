import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SIGN_IN_POLICY, signInPage } from '#lib/auth/sign-in-page.ts'
import { LOCALES } from '#lib/i18n/locale.ts'
import { translate } from '#lib/i18n/translate.ts'

test.each(LOCALES)('who is not signed in is told so in %s', (locale) => {
  const page = signInPage(3000, locale)
  expect(page).toContain(locale === 'en' ? '<html lang="en" dir="ltr">' : '<html lang="ar" dir="rtl">')
  expect(page).toContain(`<h1>${translate('auth', locale)('title')}</h1>`)
  expect(page).toContain('<code dir="ltr">http://localhost:3000/?token=…</code>')
  const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? ''
  expect(SIGN_IN_POLICY).toContain(createHash('sha256').update(style).digest('base64'))
})
