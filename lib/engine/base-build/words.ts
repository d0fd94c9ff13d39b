/** How English writes things: small, and only what the generator needs. */

/** "an element", "a metal". */
export const article = (noun: string): string =>
  `${/^(?:[aeio]|hon|un(?!i)|u[^ns])/i.test(noun) ? 'an' : 'a'} ${noun}`

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** "a", "a and b", "a, b and c". */
export const enumerated = (items: readonly string[]): string =>
  items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

/** Words in lower case; hyphens and apostrophes belong to a word. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z'-]+/g) ?? []

export const lastWord = (text: string): string => wordsOf(text).at(-1) ?? ''

const SPELLED = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')

const ending = (number: number): string => {
  const isTeen = Math.floor(number / 10) % 10 === 1
  return isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
}

/** "first" to "twelfth", then "13th". */
export const ordinal = (number: number): string => SPELLED[number - 1] ?? `${number}${ending(number)}`

/** Ordinals in figures, each of which the tokenizer keeps whole. */
export const figureOrdinals = (most: number): string[] =>
  Array.from({ length: most }, (_, index) => `${index + 1}${ending(index + 1)}`)
