import type { Dice } from './dice.ts'
import { RHYME_TABLE } from './rhyme-table.ts'
import { lastWord } from './words.ts'

/** Words and ends of lines that rhyme with each other. */
export interface Family {
  /** How its rhyme is written, the longest first: "ough", "uff". */
  rimes: string[]
  /** After "so". */
  adjectives: string[]
  nouns: string[]
  /** After a comma. */
  tails: string[]
  /** After a statement, without a comma. */
  adjuncts: string[]
  /** Whole last lines. */
  closes: string[]
  /** The last words of all of these. */
  words: string[]
}

function parseFamily(block: string): Family {
  const [head = '', ...lines] = block.split('\n')
  const entries = new Map(lines.map((line) => line.split(': ') as [string, string]))
  const list = (key: string, separator: string) => entries.get(key)?.split(separator) ?? []
  const family = {
    rimes: head.split(' ').toSorted((a, b) => b.length - a.length),
    adjectives: list('so', ', '),
    nouns: list('noun', ', '),
    tails: list('tail', '; '),
    adjuncts: list('with', '; '),
    closes: list('close', '; '),
  }
  return { ...family, words: [...new Set(endsOf(family).map(lastWord))] }
}

/** All ends of a family. */
const endsOf = ({ adjectives, nouns, tails, adjuncts, closes }: Omit<Family, 'words'>): string[] => [
  ...adjectives,
  ...nouns,
  ...tails,
  ...adjuncts,
  ...closes,
]

export const families: readonly Family[] = RHYME_TABLE.trim().split('\n\n').map(parseFamily)

const rimes = new Map<string, string>()
for (const family of families)
  for (const word of family.words) {
    const rime = family.rimes.find((written) => word.endsWith(written) && word.length > written.length)
    if (rime) rimes.set(word, rime)
  }
// The second rhyme of many a lesson: a word like the others, though its vowel is written otherwise.
rimes.set('key', 'ey')

/** How the rhyme of a rhyming word is written; null for other words. */
export const rimeOf = (word: string): string | null => rimes.get(word.trim().toLowerCase()) ?? null

export const RIMES: readonly string[] = [...new Set(families.flatMap((family) => family.rimes))]

/** Draws ends of lines for one verse; no rhyming word comes twice. */
export interface Rhymer {
  /** One of the texts whose last word is fresh; null if all are used up. */
  fresh(from: readonly string[]): string | null
}

export function createRhymer(dice: Dice): Rhymer {
  const used = new Set<string>()
  return {
    fresh(from) {
      const left = from.filter((text) => !used.has(lastWord(text)))
      if (left.length === 0) return null
      const text = dice.pick(left)
      used.add(lastWord(text))
      return text
    },
  }
}
