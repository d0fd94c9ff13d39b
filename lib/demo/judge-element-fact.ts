import { type ElementFacts, elementNamed, KINDS, stem, USES } from './element-facts.ts'

/** Letters, with an apostrophe or a hyphen only between them. */
const WORD = /\p{L}+(?:['’-]\p{L}+)*/gu

const wordsOf = (text: string): string[] => (text.match(WORD) ?? []).map((word) => word.replaceAll('’', "'"))

/** The first element that a text names. */
function elementIn(text: string): ElementFacts | undefined {
  for (const word of wordsOf(text)) {
    const found = elementNamed(word)
    if (found) return found
  }
  return undefined
}

/** Whether a word is a use or a kind of other elements only. */
function isForeign(word: string, { uses, facts, kinds }: ElementFacts): boolean {
  const part = stem(word)
  return !(uses.has(part) || facts.has(part) || kinds.has(part)) && (USES.has(part) || KINDS.has(part))
}

/** A verse about another element begins with its name; "with oxygen's spark" further on is a fact of hydrogen. */
function wrongSubject(words: readonly string[], { name }: ElementFacts): string | undefined {
  const first = words.find(elementNamed)
  return first !== undefined && elementNamed(first)?.name !== name ? first : undefined
}

/** "Its symbol is Sr", "with the symbol Sr". */
const SYMBOL = /\bsymbol (?:is )?(\p{Lu}\p{Ll}?)\b/gu

const wrongSymbol = (answer: string, { symbol }: ElementFacts): string | undefined =>
  [...answer.matchAll(SYMBOL)].map(([, said]) => said).find((said) => said !== symbol)

export interface ElementFactVerdict {
  passed: boolean
  /** Lower case; null when the question names no element. */
  element: string | null
  /** A word of the answer that is a fact of the element; null when there is none. */
  fact: string | null
  /** The name of another element that comes first, a use or kind of other elements only, or a wrong symbol. */
  foreign: string | null
}

/**
 * Whether an answer states a fact of the element that the question names, and nothing that belongs to others. It knows
 * words, not sentences: "never rusts" and "rusts" are the same to it, and it cannot confirm what its table lacks. The
 * right symbol alone is no fact.
 */
export function judgeElementFact(answer: string, question: string): ElementFactVerdict {
  const element = elementIn(question)
  if (!element) return { passed: false, element: null, fact: null, foreign: null }
  const words = wordsOf(answer)
  const isFact = (word: string) => element.uses.has(stem(word)) || element.facts.has(stem(word))
  const fact = words.find(isFact) ?? null
  const foreign =
    wrongSubject(words, element) ??
    words.find((word) => isForeign(word, element)) ??
    wrongSymbol(answer, element) ??
    null
  return { passed: fact !== null && foreign === null, element: element.name, fact, foreign }
}
