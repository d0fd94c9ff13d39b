import { dashParts } from './limerick-lines.ts'
import { bare, rhymes } from './rhyme.ts'

/** Lines with the same letter rhyme. */
const SCHEME = 'AABBA'

/** Maximum length of a line of verse, in characters; longer text is a paragraph. */
const LONGEST_LINE = 120

/** The parts of a verse: its lines, or the parts between dashes if it is written as one line. */
export function partsOf(text: string): string[] {
  const lines = text
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      line
        .trim()
        .replace(/(?<=\s)[-–—]$/, '')
        .trim(),
    )
    .filter(Boolean)
  return lines.length > 1 ? lines : dashParts(lines[0] ?? '')
}

const lastWord = (line: string): string => line.split(/\s+/).findLast((word) => /\p{L}/u.test(word)) ?? ''

export interface LimerickVerdict {
  passed: boolean
  parts: number
  /** The first two lines that should rhyme and do not, from 1; null if there are not five parts. */
  unrhymed: [number, number] | null
  /** The last words of those lines. */
  words: [string, string] | null
}

/** Whether a text is a limerick: five parts that rhyme AABBA by the CMU pronouncing dictionary. Metre is not graded. */
export function judgeLimerick(text: string): LimerickVerdict {
  const parts = partsOf(text)
  const none = { passed: false, parts: parts.length, unrhymed: null, words: null }
  if (parts.length !== SCHEME.length || parts.some((part) => part.length > LONGEST_LINE)) return none
  const ends = parts.map(lastWord)
  for (const [index, letter] of [...SCHEME].entries()) {
    const first = SCHEME.indexOf(letter)
    const [word = '', other = ''] = [ends[first], ends[index]]
    if (index > first && !rhymes(word, other))
      return { ...none, unrhymed: [first + 1, index + 1], words: [bare(word), bare(other)] }
  }
  return { passed: true, parts: parts.length, unrhymed: null, words: null }
}
