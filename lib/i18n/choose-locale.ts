import { DEFAULT_LOCALE, isLocale, LANGUAGES, type Language, type Locale } from './locale.ts'

/** Holds the locale that was chosen in the menu. */
const COOKIE = 'limerick-locale'

/** s; browsers keep a cookie for 400 days at most. */
const KEPT = 400 * 24 * 60 * 60

/** A cookie for `document.cookie`, which every later request brings along. */
export const localeCookie = (locale: Locale): string =>
  `${COOKIE}=${locale}; Path=/; Max-Age=${KEPT}; SameSite=Lax`

const chosen = (cookies: string): string | undefined =>
  cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1)

const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text)

/** One part of Accept-Language, as `ar-EG;q=0.8`: its language without the region, and its weight from 0 to 1. */
function preferenceOf(part: string): { language: string; weight: number } {
  const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return { language: range.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) || 0 }
}

/** The language of most weight that has a catalogue; the first of equal ones. */
const preferred = (header: string): Language | undefined =>
  header
    .split(',')
    .map(preferenceOf)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ language }) => language)
    .find(isLanguage)

/** The one place that decides a page's language: what was chosen in the menu, else what the browser prefers, else English. */
export function chooseLocale(headers: Pick<Headers, 'get'>): Locale {
  const kept = chosen(headers.get('cookie') ?? '')
  return isLocale(kept) ? kept : DEFAULT_LOCALE[preferred(headers.get('accept-language') ?? '') ?? 'en']
}
