/** A string that the compiler keeps apart from other kinds of ids; it accepts a plain string as any kind. */
type Id<Kind extends string> = string & { readonly __kind?: Kind }

export type DatasetId = Id<'dataset'>
export type RowId = Id<'row'>
export type VersionId = Id<'version'>
export type JobId = Id<'job'>

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Buffer of random bytes: one large request costs less than many small ones. */
const pool = new Uint8Array(4096)
let used = pool.length

function randomByte(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  return pool[used++] as number
}

/** `length` letters and digits from the platform's secure source, without modulo bias. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    const byte = randomByte()
    // 248 is the largest multiple of 62 that fits a byte.
    if (byte < 248) text += ALPHABET[byte % 62]
  }
  return text
}

/** A time in ms as 8 characters that sort by time. */
function timeText(time: number): string {
  let text = ''
  for (let rest = time; text.length < 8; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text
  return text
}

/** A new id such as `file-3f9K…`: a prefix as in the OpenAI API and 24 letters and digits. */
export const newId = (prefix: string): string => `${prefix}${randomText(24)}`

export const newDatasetId = (): DatasetId => newId('data_')
/** Sorts by creation time: an index appends a million of them at its end instead of inserting all over. */
export const newRowId = (): RowId => `row_${timeText(Date.now())}${randomText(16)}`
export const newVersionId = (): VersionId => newId('ver_')
export const newJobId = (): JobId => newId('run_')
