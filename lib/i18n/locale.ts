const locales = ['en'] as const
export type Locale = (typeof locales)[number]

/** Until a second catalogue exists, everybody reads English. */
export const locale: Locale = 'en'

export const direction: Record<Locale, 'ltr' | 'rtl'> = { en: 'ltr' }
