const missing = '–'

/** Latin digits in every language, so that numbers can be copied and pasted. */
const fixedFormat = (digits: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/**
 * A number with fixed decimals. Missing is `–`, zero `0.00`, and a positive value never rounds to zero: `<0.01`.
 */
export function fixed(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  const least = 10 ** -digits
  if (value !== 0 && Math.abs(value) < least / 2)
    return `${value < 0 ? '>-' : '<'}${fixedFormat(digits).format(least)}`
  return fixedFormat(digits).format(value)
}

/** `9,120`. */
export const count = (value: number | null | undefined) => fixed(value, 0)

/** A fraction of 1 as `47 %`. */
export const percent = (share: number | null | undefined, digits = 0) =>
  share === null || share === undefined ? missing : `${fixed(share * 100, digits)} %`

/** `31.3 k`, `2.8 M`, `1.24 B`, for rounded numbers. */
export const compact = (value: number | null | undefined) => {
  if (value === null || value === undefined) return missing
  if (Math.abs(value) < 10_000) return count(value)
  if (value < 1e6) return `${fixed(value / 1e3, 1)} k`
  return value < 1e9 ? `${fixed(value / 1e6, 1)} M` : `${fixed(value / 1e9, 2)} B`
}

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** `4,021 bytes`, `5.7 MB`: decimal units, as disks and OpenAI use them. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return missing
  const power = value < 10_000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), byteUnits.length - 1)
  return power === 0 ? `${count(value)} bytes` : `${fixed(value / 1000 ** power, 1)} ${byteUnits[power]}`
}

const megabytes = (value: number) => `${count(value / 1e6)} MB`

/** Two sizes that are compared: `5.1 GB`, `4.3 GB`; `1,024 MB`, `1,000 MB` where one decimal would show no difference. */
export function sizesApart(one: number, other: number): [string, string] {
  const [first, second] = [bytes(one), bytes(other)]
  return first === second ? [megabytes(one), megabytes(other)] : [first, second]
}

/** Milliseconds as `41 ms`, `0.62 s`, `17.6 s`, `6 min 20 s`, `2 h 5 min`. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return missing
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${fixed(ms / 1000, 2)} s`
  if (ms < 59_950) return `${fixed(ms / 1000, 1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600)
    return [`${Math.floor(seconds / 60)} min`, seconds % 60 && `${seconds % 60} s`].filter(Boolean).join(' ')
  const minutes = Math.round(seconds / 60)
  return [`${Math.floor(minutes / 60)} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(' ')
}

/** Micro-dollars as `$0.00`, `<$0.01`, `$1.94`. */
export function dollars(micro: number | null | undefined): string {
  if (micro === null || micro === undefined) return missing
  const amount = fixed(micro / 1e6)
  return amount.startsWith('<') ? `<$${amount.slice(1)}` : `$${amount}`
}

/** `ftjob-8Kq…x2M`: keeps both ends, because both are needed to tell ids apart. Short ids stay whole. */
export const middle = (id: string, head = 10, tail = 4) =>
  id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`
