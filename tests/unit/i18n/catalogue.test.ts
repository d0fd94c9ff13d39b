import { globSync, readFileSync } from 'node:fs'
import { createTranslator } from 'use-intl/core'
import { describe, expect, test } from 'vitest'
import { ar } from '#lib/i18n/ar.ts'
import { en } from '#lib/i18n/en.ts'
import { LOCALES, type Locale, languageOf } from '#lib/i18n/locale.ts'
import { type Shape, shapeOf, textsIn } from '../../support/icu.ts'

const english = new Map(textsIn(en))
const arabic = new Map(textsIn(ar))
const catalogues = { en: english, ar: arabic }
const keys = [...english.keys()]

const shapesOf = (texts: ReadonlyMap<string, string>) =>
  new Map([...texts].map(([key, text]) => [key, shapeOf(text)] as const))
const shapes = { en: shapesOf(english), ar: shapesOf(arabic) }

type Plural = Shape['plurals'][number]

/** Sentences that count in English, and in Arabic name the number beside its noun: "عدد المحارف 3". */
const UNCOUNTED = new Set(['errors.issues.tooSmall'])

/** Whether a plural counts something. One that only tells none from some needs no other categories. */
const counts = ({ branches }: Plural): boolean =>
  branches.some((branch) => !/^(other|zero|=\d+)$/.test(branch))

/** The categories of CLDR that a plural lacks; a branch for one number replaces the category of that number alone. */
function missingFrom({ branches }: Plural, locale: Locale): string[] {
  const exact: Record<string, string> = { zero: '=0', one: '=1', two: '=2' }
  return new Intl.PluralRules(locale)
    .resolvedOptions()
    .pluralCategories.filter(
      (category) => !branches.includes(category) && !branches.includes(exact[category] ?? ''),
    )
}

/** Keys at which two shapes differ, with what differs. */
const differences = (of: (shape: Shape) => Iterable<string>): string[] =>
  keys.flatMap((key) => {
    const [one, other] = [shapes.en.get(key), shapes.ar.get(key)].map((shape) =>
      shape ? [...of(shape)].sort().join(' ') : '',
    )
    return one === other ? [] : [`${key}: ${one} | ${other}`]
  })

/** Names, formats and units, which are the same in both languages. */
const NAMES =
  /\b(Limerick|OpenAI|Azure|Nebius|Together|Fireworks|vLLM|Ollama|LM Studio|Gemini|ShareGPT|Alpaca|Safetensors|curl|Python|TypeScript|GGUF|JSONL?|CSV|PNG|SVG|SHA-256|UTF-\d+( [BL]E)?|Draft|top p|kB|[MGT]B|ms|v(?=\{))/g
/** Values, and tags without their words. */
const SLOTS = /\{\w+(, [\w:]+)*\}|<\/?\w+>/g

const isWordless = (text: string): boolean => !/\p{L}/u.test(text.replace(NAMES, '').replace(SLOTS, ''))

describe('the Arabic catalogue', () => {
  test('has the keys of the English one, and no others', () => {
    expect(keys.length).toBeGreaterThan(1_000)
    expect([...arabic.keys()].sort()).toEqual(keys.toSorted())
  })

  test('has a value in each place', () => {
    expect(keys.filter((key) => !arabic.get(key)?.trim() !== !english.get(key)?.trim())).toEqual([])
  })

  test('names the same values in braces', () => {
    expect(differences(({ names }) => names)).toEqual([])
  })

  test('has the same tags', () => {
    expect(differences(({ tags }) => tags)).toEqual([])
  })

  // Arabic may also ask what a word stands for, to say it in Arabic or to agree with it.
  test('selects by the same words, which are data', () => {
    const wrong = keys.flatMap((key) =>
      [...(shapes.en.get(key)?.selects ?? [])].flatMap(([name, branches]) => {
        const others = shapes.ar.get(key)?.selects.get(name) ?? new Set()
        return branches.symmetricDifference(others).size === 0
          ? []
          : [`${key} {${name}}: ${[...branches]} | ${[...others]}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  test('is Arabic: no text is left in English', () => {
    const left = keys.filter((key) => {
      const text = english.get(key) ?? ''
      return text === arabic.get(key) && !isWordless(text)
    })
    expect(left).toEqual([])
  })
})

describe('plurals', () => {
  test.each(['en', 'ar-u-nu-latn'] as const)('of %s have a branch for each category of CLDR', (locale) => {
    const wrong = [...shapes[languageOf(locale)]].flatMap(([key, { plurals }]) =>
      plurals
        .filter(counts)
        .map((plural) => ({ key, name: plural.name, missing: missingFrom(plural, locale) }))
        .filter(({ missing }) => missing.length > 0),
    )
    expect(wrong).toEqual([])
  })

  test('count in Arabic what they count in English', () => {
    const counted = (plurals: readonly Plural[] = []) =>
      new Set(plurals.filter(counts).map(({ name }) => name))
    const wrong = keys.flatMap((key) => {
      if (UNCOUNTED.has(key)) return []
      const others = counted(shapes.ar.get(key)?.plurals)
      return [...counted(shapes.en.get(key)?.plurals)]
        .filter((name) => !others.has(name))
        .map((name) => `${key} {${name}}`)
    })
    expect(wrong).toEqual([])
  })

  test('a plural without its dual is found', () => {
    const [plural] = shapeOf('{n, plural, zero {} one {} few {} many {} other {}}').plurals
    expect(plural && missingFrom(plural, 'ar-u-nu-latn')).toEqual(['two'])
  })
})

/** Numbers of each category, in both languages. */
const NUMBERS = [0, 1, 2, 5, 11, 100, 1.5]

/** Values for a sentence, once for each number and for each branch. */
function* samples({ names, numbers, selects, tags }: Shape): Generator<Record<string, unknown>> {
  const most = Math.max(1, ...[...selects.values()].map(({ size }) => size))
  const rounds = Math.max(numbers.size > 0 ? NUMBERS.length : 1, most)
  for (let round = 0; round < rounds; round++) {
    const value = (name: string) => {
      const branches = [...(selects.get(name) ?? [])]
      if (branches.length > 0) return branches[round % branches.length]
      return numbers.has(name) ? NUMBERS[round % NUMBERS.length] : 'x'
    }
    yield {
      ...Object.fromEntries([...names].map((name) => [name, value(name)])),
      ...Object.fromEntries([...tags].map((tag) => [tag, (words: string) => words])),
    }
  }
}

test.each(LOCALES)('every sentence of %s can be said, whatever its values', (locale) => {
  const language = languageOf(locale)
  const faults: string[] = []
  const t = createTranslator({
    locale,
    messages: language === 'en' ? en : ar,
    timeZone: 'UTC',
    onError: (error) => faults.push(error.message),
  }) as unknown as { markup: (key: string, values: Record<string, unknown>) => string }
  for (const key of catalogues[language].keys()) {
    const shape = shapes[language].get(key)
    // A number in one language must be one in the other: the caller gives the same value to both.
    const numbers = new Set([...(shapes.en.get(key)?.numbers ?? []), ...(shapes.ar.get(key)?.numbers ?? [])])
    for (const values of shape ? samples({ ...shape, numbers }) : []) {
      const said = t.markup(key, values)
      if (/[{}]|undefined/.test(said) && !/'\{/.test(catalogues[language].get(key) ?? ''))
        faults.push(`${key}: ${said}`)
    }
  }
  expect(faults).toEqual([])
})

describe('who speaks which language', () => {
  const sources = globSync('{app,components}/**/*.{ts,tsx}').map(
    (file) => [file.replaceAll('\\', '/'), readFileSync(file, 'utf8')] as const,
  )

  test('pages say their words in the language of the request', () => {
    // `translate` says English unless told otherwise: pages use requestWords, components useTranslations.
    const fixed = sources.filter(([, source]) => source.includes('i18n/translate.ts'))
    expect(fixed.map(([file]) => file)).toEqual([])
  })

  test('no page and no component carries a catalogue to the browser', () => {
    const carriers = sources.filter(([, source]) => /i18n\/(ar|en|catalogues)(\.ts|\/)/.test(source))
    expect(carriers.map(([file]) => file)).toEqual(['app/layout.tsx'])
  })

  test('numbers and dates are formatted in one place', () => {
    const others = sources.filter(([, source]) =>
      /\bIntl\.(NumberFormat|DateTimeFormat|RelativeTime)\(/.test(source),
    )
    expect(others.map(([file]) => file)).toEqual(['components/ui/format.ts'])
  })
})
