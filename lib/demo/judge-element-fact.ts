import { type ElementFacts, elementNamed, KINDS, stem, USES } from './element-facts.ts'

/** Letters, with apostrophes or hyphens only between letters. */
const WORD = /\p{L}+(?:['’-]\p{L}+)*/gu

const wordsOf = (text: string): string[] => (text.match(WORD) ?? []).map((word) => word.replaceAll('’', "'"))

/** The first element named in a text. */
function elementIn(text: string): ElementFacts | undefined {
  for (const word of wordsOf(text)) {
    const found = elementNamed(word)
    if (found) return found
  }
  return undefined
}

/** Whether a word is a use or kind of other elements only. */
function isForeign(word: string, { uses, facts, kinds }: ElementFacts): boolean {
  const part = stem(word)
  return !(uses.has(part) || facts.has(part) || kinds.has(part)) && (USES.has(part) || KINDS.has(part))
}

/** A verse about another element starts with its name; "with oxygen's spark" later on is a fact about hydrogen. */
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
  /** Lower case; null if the question names no element. */
  element: string | null
  /** A word of the answer that is a fact about the element; null if there is none. */
  fact: string | null
  /** Another element's name at the start, a use or kind of other elements only, or a wrong symbol. */
  foreign: string | null
}

/**
 * Whether an answer states a fact about the element in the question and nothing that belongs to other elements.
 * It compares words, not sentences: "never rusts" equals "rusts", and facts missing from the table do not count.
 * The correct symbol alone is not a fact.
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
