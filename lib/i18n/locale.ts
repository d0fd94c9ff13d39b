const locales = ['en'] as const
export type Locale = (typeof locales)[number]

/** English is the only catalogue. */
export const locale: Locale = 'en'

export const direction: Record<Locale, 'ltr' | 'rtl'> = { en: 'ltr' }
