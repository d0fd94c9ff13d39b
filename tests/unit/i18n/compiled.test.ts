import compile from 'icu-minify/compile'
import { createTranslator } from 'use-intl/core'
import usual from 'use-intl/format-message'
import compiledOnly from 'use-intl/format-message/format-only'
import { describe, expect, test } from 'vitest'
import { ar } from '#lib/i18n/ar.ts'
import { forFormatter } from '#lib/i18n/compiled.ts'
import { en } from '#lib/i18n/en.ts'
import { LOCALES, languageOf } from '#lib/i18n/locale.ts'
import { shapeOf, textsIn } from '../../support/icu.ts'

const catalogues = { en: textsIn(en), ar: textsIn(ar) }

/** Numbers of every plural category of both languages. */
const NUMBERS = [0, 1, 2, 5, 11, 100, 1_234.5]

/** Values for each place and tag of a text: each branch of what it selects by, or each number. */
function* valuesFor(text: string) {
  const { names, tags, numbers, selects } = shapeOf(text)
  const rounds = Math.max(NUMBERS.length, ...[...selects.values()].map((branches) => branches.size))
  for (let round = 0; round < rounds; round++) {
    const at = <Value>(values: readonly Value[]) => values[round % values.length]
    yield Object.fromEntries([
      ...[...names].map((name) => [
        name,
        numbers.has(name) ? at(NUMBERS) : (at([...(selects.get(name) ?? ['x'])]) ?? 'x'),
      ]),
      ...[...tags].map((tag) => [tag, (words: unknown) => `[${tag}:${words}]`]),
    ])
  }
}

type Options = Parameters<typeof usual>[3]

const formatters = {
  getNumberFormat: (...given: ConstructorParameters<typeof Intl.NumberFormat>) =>
    new Intl.NumberFormat(...given),
  getPluralRules: (...given: ConstructorParameters<typeof Intl.PluralRules>) =>
    new Intl.PluralRules(...given),
  getDateTimeFormat: (...given: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...given),
} as Options['formatters']

describe('compiled texts', () => {
  test.each(LOCALES)('say in %s what their sources say', (locale) => {
    const options = { formatters, locale, timeZone: 'UTC', cache: { message: {} } as Options['cache'] }
    const empty = new Set<string>()
    for (const [key, text] of catalogues[languageOf(locale)]) {
      const compiled = compile(text)
      for (const values of valuesFor(text)) {
        const said = usual(key, text, values, options)
        if (said === '') empty.add(key)
        else expect(compiledOnly(key, compiled, values, options), key).toEqual(said)
      }
    }
    // The formatter of the pages does not know a text that is empty; nobody asks for a job without any value.
    expect([...empty]).toEqual(['launch.sweep.one'])
  })

  test('are not for the formatter outside of the pages', () => {
    expect(forFormatter(en)).toBe(en)
    const t = createTranslator({ locale: 'en', messages: forFormatter(en), namespace: 'ui' })
    expect(t('ago.min', { count: 2 })).toBe('2 min ago')
  })
})
