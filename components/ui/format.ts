import { dateLocaleOf, digitsOf, directionOf, type Locale } from '#lib/i18n/locale.ts'

const missing = '–'

/** Intl's formats are slow to make. By locale and decimals. */
const numbers = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: Locale, least: number, most: number): Intl.NumberFormat {
  const key = `${locale} ${least} ${most}`
  const made =
    numbers.get(key) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most })
  numbers.set(key, made)
  return made
}

/** Digits and separators of a finished number, from Latin to Arabic-Indic. */
const ARABIC_INDIC: Record<string, string> = { '.': '٫', ',': '٬' }
const LATIN = /[0-9.,]/g
const arabicIndic = (sign: string): string => ARABIC_INDIC[sign] ?? String.fromCodePoint(0x660 + Number(sign))

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const
type Unit =
  | 'percent'
  | 'thousand'
  | 'million'
  | 'billion'
  | (typeof byteUnits)[number]
  | 'ms'
  | 's'
  | 'min'
  | 'h'

/** Words of the catalogue at `language.units`. */
export type UnitWords = (unit: Unit, values: { value: string }) => string

type Maybe = number | null | undefined

const isKnown = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value)

/** A figure with a unit or a sign keeps its own order inside a text from right to left: what `<bdi>` does in a page. */
const isolated = (text: string): string => `\u2068${text}\u2069`

/** Every figure of the pages, in the digits and units of a locale. Components use `useFormat()`. */
export function formatIn(locale: Locale, unit: UnitWords) {
  const whole = directionOf(locale) === 'rtl' ? isolated : (text: string) => text
  const plain = (value: number, digits = 0) => numberFormat(locale, digits, digits).format(value)
  /** Without zeros at the end: `2.5`, `3`. */
  const atMost = (value: number, digits: number) => numberFormat(locale, 0, digits).format(value)
  /** A number that is text already, such as the label of an axis. */
  const digits = (text: string): string =>
    digitsOf(locale) === 'arab' ? text.replace(LATIN, arabicIndic) : text
  const inUnit = (name: Unit, value: number, digits = 0) => unit(name, { value: plain(value, digits) })

  /** `say` of a number with fixed decimals; a value that is not zero never looks like it: `<0.01`. */
  function rounded(value: number, digits: number, say = (number: string) => number): string {
    const least = 10 ** -digits
    if (value === 0 || Math.abs(value) >= least / 2) return say(plain(value, digits))
    return whole(`${value < 0 ? '>-' : '<'}${say(plain(least, digits))}`)
  }

  /** A number with fixed decimals. Missing is `–`, zero `0.00`, and a positive value never rounds to zero: `<0.01`. */
  const fixed = (value: Maybe, digits = 2): string => (isKnown(value) ? rounded(value, digits) : missing)

  /** `9,120`. */
  const count = (value: Maybe): string => fixed(value, 0)

  /** A fraction of 1 as `47 %`. */
  const percent = (share: Maybe, digits = 0): string =>
    isKnown(share) ? whole(rounded(share * 100, digits, (value) => unit('percent', { value }))) : missing

  /** A fraction of 1 as `47`, where the text around it says percent. */
  const points = (share: number): string => plain(share * 100)

  /** A change, as `+0.12` or `−0.12`. */
  const signed = (change: number): string => whole(`${change > 0 ? '+' : '−'}${plain(Math.abs(change), 2)}`)

  /** `< 0.001` or `= 0.04`: the probability of a difference by chance. */
  const pValue = (p: number): string =>
    p < 0.001 ? `< ${plain(0.001, 3)}` : `= ${fixed(p, p < 0.01 ? 3 : 2)}`

  /** `31.3 k`, `2.8 M`, `1.24 B`, for rounded numbers. */
  function compact(value: Maybe): string {
    if (!isKnown(value) || Math.abs(value) < 10_000) return count(value)
    if (value < 1e6) return whole(inUnit('thousand', value / 1e3, 1))
    return whole(value < 1e9 ? inUnit('million', value / 1e6, 1) : inUnit('billion', value / 1e9, 2))
  }

  /** `4,021 bytes`, `5.7 MB`: decimal units, as disks and OpenAI use them. */
  function bytes(value: Maybe): string {
    if (!isKnown(value)) return missing
    const power = value < 10_000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), byteUnits.length - 1)
    return whole(inUnit(byteUnits[power] ?? 'TB', value / 1000 ** power, power === 0 ? 0 : 1))
  }

  /** Two sizes that are compared: `5.1 GB`, `4.3 GB`; `1,024 MB`, `1,000 MB` where one decimal would show no difference. */
  function sizesApart(one: number, other: number): [string, string] {
    const megabytes = (value: number) => whole(inUnit('MB', value / 1e6))
    const [first, second] = [bytes(one), bytes(other)]
    return first === second ? [megabytes(one), megabytes(other)] : [first, second]
  }

  /** The larger unit and, where it is not zero, the rest in the smaller one: `6 min 20 s`. */
  const pair = (larger: Unit, smaller: Unit, value: number): string =>
    whole(
      [inUnit(larger, Math.floor(value / 60)), value % 60 && inUnit(smaller, value % 60)]
        .filter(Boolean)
        .join(' '),
    )

  /** Milliseconds as `41 ms`, `0.62 s`, `17.6 s`, `6 min 20 s`, `2 h 5 min`. */
  function duration(ms: Maybe): string {
    if (!isKnown(ms)) return missing
    if (ms < 100) return whole(inUnit('ms', Math.round(ms)))
    if (ms < 59_950) return whole(inUnit('s', ms / 1000, ms < 10_000 ? 2 : 1))
    const seconds = Math.round(ms / 1000)
    return seconds < 3600 ? pair('min', 's', seconds) : pair('h', 'min', Math.round(seconds / 60))
  }

  /** `15 s`, for an estimate. */
  const seconds = (value: number): string => whole(inUnit('s', value))

  /** `45.5 s`, `12 min`, `2.5 h`: one unit, for an axis. */
  function clock(value: number): string {
    const [name, inUnits]: [Unit, number] =
      value < 90 ? ['s', value] : value < 5400 ? ['min', value / 60] : ['h', value / 3600]
    return whole(unit(name, { value: atMost(inUnits, 1) }))
  }

  /** Micro-dollars as `$0.00`, `<$0.01`, `$1.94`. */
  const dollars = (micro: Maybe, digits = 2): string =>
    isKnown(micro) ? whole(rounded(micro / 1e6, digits, (amount) => `$${amount}`)) : missing

  /** `a, b, c`, where nothing is said of how they are joined. */
  const list = (parts: readonly string[]): string => parts.join(directionOf(locale) === 'rtl' ? '، ' : ', ')

  /** A moment in ms, in the browser's zone unless another one is named. */
  const date = (at: number, options: Intl.DateTimeFormatOptions, timeZone?: string): string =>
    new Intl.DateTimeFormat(dateLocaleOf(locale), { ...options, timeZone }).format(at)

  return {
    atMost,
    clock,
    date,
    digits,
    fixed,
    list,
    count,
    percent,
    points,
    signed,
    pValue,
    compact,
    bytes,
    sizesApart,
    duration,
    seconds,
    dollars,
  }
}

export type Format = ReturnType<typeof formatIn>

/** `ftjob-8Kq…x2M`: keeps both ends, because both are needed to tell ids apart. Short ids stay whole. */
export const middle = (id: string, head = 10, tail = 4) =>
  id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`
