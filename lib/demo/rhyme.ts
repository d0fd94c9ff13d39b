import { dictionary } from 'cmu-pronouncing-dictionary'

/** Maximum number of pronunciations per word, listed as `read`, `read(1)`, `read(2)` … */
const MOST_SPOKEN = 6

/** Phones as in the CMU dictionary; vowels end in a stress digit: 1 primary, 2 secondary, 0 none. */
const isVowel = (phone: string): boolean => /\d$/.test(phone)

const plain = (phone: string): string => phone.replace(/\d$/, '')

/** A word in the dictionary's spelling. Numbers are removed: 80th does not rhyme as "eightieth". */
export const bare = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^[^\p{L}']+|(?<![^\p{L}'])[^\p{L}']+$/gu, '')

/** Endings that do not change a vowel, with the phones they add. */
const ENDINGS: readonly [string, string[]][] = [
  ["'s", ['Z']],
  ['s', ['Z']],
  ["'", []],
]

const listed = (word: string): string[][] =>
  [word, ...Array.from({ length: MOST_SPOKEN }, (_, index) => `${word}(${index + 1})`)].flatMap((key) => {
    const phones = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined
    return phones ? [phones.split(' ')] : []
  })

/**
 * Pronunciations of a word in the CMU dictionary; for a missing word, those of its stem plus the ending.
 * @returns an empty list for an unknown word
 */
function spoken(word: string): string[][] {
  const clean = bare(word)
  const known = listed(clean)
  if (known.length > 0) return known
  for (const [ending, phones] of ENDINGS) {
    if (!clean.endsWith(ending)) continue
    const stem = listed(clean.slice(0, -ending.length))
    if (stem.length > 0) return stem.map((base) => [...base, ...phones])
  }
  return []
}

/** Phones from the last stressed vowel on, without stress marks; from the last vowel if nothing is stressed. */
function rhymingPart(phones: readonly string[]): string {
  const stressed = phones.findLastIndex((phone) => /[12]$/.test(phone))
  const from = stressed < 0 ? phones.findLastIndex(isVowel) : stressed
  return phones.slice(Math.max(0, from)).map(plain).join(' ')
}

/** Phones from the last vowel on: the rhyme if verse moves the stress, as in "see / easily". */
const lastSyllable = (phones: readonly string[]): string =>
  phones
    .slice(Math.max(0, phones.findLastIndex(isVowel)))
    .map(plain)
    .join(' ')

/** Words without a known pronunciation rhyme if their last letters are equal. */
const looksAlike = (a: string, b: string): boolean => bare(a).slice(-3) === bare(b).slice(-3)

/** Whether any pronunciations of two words rhyme; a word rhymes with itself. */
export function rhymes(a: string, b: string): boolean {
  if (bare(a) === bare(b)) return bare(a) !== ''
  const [ofA, ofB] = [spoken(a), spoken(b)]
  if (ofA.length === 0 || ofB.length === 0) return looksAlike(a, b)
  return ofA.some((x) =>
    ofB.some(
      (y) => rhymingPart(x) === rhymingPart(y) || (lastSyllable(x) === lastSyllable(y) && endsOpen(x, y)),
    ),
  )
}

/** An unstressed last syllable rhymes only with a stressed one: "you see / chemistry", never "water / ever". */
const endsOpen = (x: readonly string[], y: readonly string[]): boolean => {
  const stress = (phones: readonly string[]) => phones.findLast(isVowel)?.at(-1)
  return [stress(x), stress(y)].some((mark) => mark === '1' || mark === '2')
}
