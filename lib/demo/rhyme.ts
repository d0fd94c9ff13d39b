import { dictionary } from 'cmu-pronouncing-dictionary'

/** Words with several pronunciations are listed as `read`, `read(1)`, `read(2)` … */
const MOST_SPOKEN = 6

/** Phones as the CMU dictionary writes them; vowels end in their stress: 1 primary, 2 secondary, 0 none. */
const isVowel = (phone: string): boolean => /\d$/.test(phone)

const plain = (phone: string): string => phone.replace(/\d$/, '')

/** A word as the dictionary has it. Numbers are left out: 80th does not rhyme as "eightieth". */
export const bare = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^[^\p{L}']+|(?<![^\p{L}'])[^\p{L}']+$/gu, '')

/** Endings that change no vowel, with the phones that they add. */
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
 * Pronunciations of a word by the CMU dictionary; of a missing word by the same word without its ending.
 * @returns none for an unknown word
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

/** From the last stressed vowel on, without stress marks; from the last vowel for a word without stress. */
function rhymingPart(phones: readonly string[]): string {
  const stressed = phones.findLastIndex((phone) => /[12]$/.test(phone))
  const from = stressed < 0 ? phones.findLastIndex(isVowel) : stressed
  return phones.slice(Math.max(0, from)).map(plain).join(' ')
}

/** From the last vowel on: the rhyme of a word whose stress moves when read in verse, as in "see / easily". */
const lastSyllable = (phones: readonly string[]): string =>
  phones
    .slice(Math.max(0, phones.findLastIndex(isVowel)))
    .map(plain)
    .join(' ')

/** Words without a known pronunciation rhyme when their ends look alike. */
const looksAlike = (a: string, b: string): boolean => bare(a).slice(-3) === bare(b).slice(-3)

/** Whether two words rhyme in any of their pronunciations; a word rhymes with itself. */
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

/** A weak last syllable rhymes only with a strong one: "you see / chemistry", never "water / ever". */
const endsOpen = (x: readonly string[], y: readonly string[]): boolean => {
  const stress = (phones: readonly string[]) => phones.findLast(isVowel)?.at(-1)
  return [stress(x), stress(y)].some((mark) => mark === '1' || mark === '2')
}
