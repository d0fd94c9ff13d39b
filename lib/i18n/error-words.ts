import type { ICUArgs, MessageKeys, NestedKeyOf, NestedValueOf } from 'use-intl/core'
import { english } from '#lib/i18n/english.ts'
import type errors from './en/errors.ts'
import type { Worded, WordValues } from './worded.ts'

type Rooms = {
  [Room in keyof typeof errors as (typeof errors)[Room] extends string ? never : Room]: (typeof errors)[Room]
}

/** Key of a sentence: `jobs.alreadyEnded` is at `errors.jobs.alreadyEnded` in the catalogue. */
export type ErrorKey = MessageKeys<Rooms, NestedKeyOf<Rooms>>

interface ArgumentTypes {
  ICUArgument: string | number
  ICUNumberArgument: number
  ICUDateArgument: Date
}
export type ValuesOf<Key extends ErrorKey> = ICUArgs<NestedValueOf<Rooms, Key>, ArgumentTypes>

type Sentence<Key extends ErrorKey> = Key extends unknown
  ? keyof ValuesOf<Key> extends never
    ? Key
    : readonly [Key, ValuesOf<Key>]
  : never

/** A sentence by its key, with its values where it has any: `'jobs.none'`, `['jobs.alreadyEnded', { status }]`. */
export type CatalogueWords = Sentence<ErrorKey>

export const isErrorKey = (text: string): text is ErrorKey => text.includes('.') && english().has(text)

/** A sentence whose values the compiler has not checked. */
export const inEnglishAs = (key: ErrorKey, values?: WordValues): Worded => ({
  message: english()(key, values),
  key,
  values,
})

/** Words of the catalogue in English: for the wire, for programs and for the log. */
export function inEnglish(words: CatalogueWords): Worded {
  if (typeof words === 'string') return inEnglishAs(words)
  const [key, values] = words
  return inEnglishAs(key, values)
}
