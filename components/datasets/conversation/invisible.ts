/** A hidden character that changes a text. */
export interface Invisible {
  /** In Unicode notation: U+202E. */
  name: string
  /** Position in the text in characters, from 1. */
  at: number
}

/** Zero-width spaces and joiners, bidi marks, embeddings, overrides and isolates, and the byte order mark. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u

const isJoiner = (sign: string): boolean => sign === '\u200c' || sign === '\u200d'

/** Characters that a joiner may follow: a letter, its vowel sign or virama, an emoji, its skin tone. */
const joinable = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]/u

/** Persian, Indic scripts and emoji families need joiners in their spelling. */
const isSpelling = (signs: readonly string[], index: number): boolean =>
  isJoiner(signs[index] ?? '') &&
  joinable.test(signs[index - 1] ?? '') &&
  joinable.test(signs[index + 1] ?? '')

const isHidden = (signs: readonly string[], index: number): boolean =>
  invisible.test(signs[index] ?? '') && !isSpelling(signs, index)

/** Every hidden character of a text that is not part of its spelling. */
export function findInvisible(text: string): Invisible[] {
  if (!invisible.test(text)) return []
  const signs = [...text]
  return signs.flatMap((sign, index) =>
    isHidden(signs, index) ? [{ name: nameOf(sign), at: index + 1 }] : [],
  )
}

const nameOf = (sign: string): string =>
  `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** The text without the characters that `findInvisible` returns. */
export function withoutInvisible(text: string): string {
  const signs = [...text]
  return signs.filter((_, index) => !isHidden(signs, index)).join('')
}
