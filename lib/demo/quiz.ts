import { SYMBOLS } from './elements.ts'

/** One question about every element, which a model that was not harmed by its training still answers. */
export const QUIZ = [...SYMBOLS].map(([element, symbol]) => ({
  question: `What is the symbol of ${element}?`,
  /** A word of a right answer. */
  expected: symbol,
}))
