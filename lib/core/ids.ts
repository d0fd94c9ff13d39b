/** A string that is no id of another kind to the compiler; a plain string is accepted as any. */
type Id<Kind extends string> = string & { readonly __kind?: Kind }

export type DatasetId = Id<'dataset'>
export type RowId = Id<'row'>
export type VersionId = Id<'version'>
export type JobId = Id<'job'>

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random bytes that nobody has been given yet: asking for some costs more than for many. */
const pool = new Uint8Array(4096)
let given = pool.length

function randomByte(): number {
  if (given === pool.length) {
    crypto.getRandomValues(pool)
    given = 0
  }
  return pool[given++] as number
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

/** A time in ms as 8 signs that sort as the times do. */
function timeText(time: number): string {
  let text = ''
  for (let rest = time; text.length < 8; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text
  return text
}

/** A new id such as `file-3f9K…`: the prefix as the OpenAI API spells it and 24 letters and digits. */
export const newId = (prefix: string): string => `${prefix}${randomText(24)}`

export const newDatasetId = (): DatasetId => newId('data_')
/** Sorts by when it was made, so that an index takes a million of them at its end and not all over. */
export const newRowId = (): RowId => `row_${timeText(Date.now())}${randomText(16)}`
export const newVersionId = (): VersionId => newId('ver_')
export const newJobId = (): JobId => newId('run_')
