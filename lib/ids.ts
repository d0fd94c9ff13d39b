/** A string that is no id of another kind to the compiler; a plain string is accepted as any. */
type Id<Kind extends string> = string & { readonly __kind?: Kind }

export type DatasetId = Id<'dataset'>
export type RowId = Id<'row'>
export type VersionId = Id<'version'>
export type JobId = Id<'job'>

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `length` letters and digits from the platform's secure source, without modulo bias. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // 248 is the largest multiple of 62 that fits a byte.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62]
    }
  }
  return text
}

/** A new id such as `file-3f9K…`: the prefix as the OpenAI API spells it and 24 letters and digits. */
export const newId = (prefix: string): string => `${prefix}${randomText(24)}`

export const newDatasetId = (): DatasetId => newId('data_')
export const newRowId = (): RowId => newId('row_')
export const newVersionId = (): VersionId => newId('ver_')
export const newJobId = (): JobId => newId('run_')
