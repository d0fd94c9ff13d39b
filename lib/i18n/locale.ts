/** The languages with a catalogue, each by its own name. */
export const LANGUAGES = { en: 'English', ar: 'العربية' } as const
export type Language = keyof typeof LANGUAGES

/** Digits by their names in Unicode: Latin and Arabic-Indic, each as it looks. */
export const DIGITS = { latn: '123', arab: '١٢٣' } as const
type Digits = keyof typeof DIGITS

/** What a page is written in, as BCP 47 tags: a language, and for Arabic its digits too. */
export const LOCALES = ['en', 'ar-u-nu-latn', 'ar-u-nu-arab'] as const
export type Locale = (typeof LOCALES)[number]

/** The locale of a language until digits are chosen: Latin ones, so that figures can be copied and pasted. */
export const DEFAULT_LOCALE: Record<Language, Locale> = { en: 'en', ar: 'ar-u-nu-latn' }

export const isLocale = (text: string | undefined): text is Locale =>
  LOCALES.some((locale) => locale === text)

/** For `lang`: fonts, hyphens and voices need no digits. */
export const languageOf = (locale: Locale): Language => (locale === 'en' ? 'en' : 'ar')

export const digitsOf = (locale: Locale): Digits => (locale === 'ar-u-nu-arab' ? 'arab' : 'latn')

export const directionOf = (locale: Locale): 'ltr' | 'rtl' => (languageOf(locale) === 'ar' ? 'rtl' : 'ltr')

/** The locale for dates: English ones are written as 22 Nov 2026. */
export const dateLocaleOf = (locale: Locale): string => (locale === 'en' ? 'en-GB' : locale)
