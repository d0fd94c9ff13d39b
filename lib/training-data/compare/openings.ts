import type { Comparison } from './comparison.ts'
import { rowsThat } from './comparison.ts'

const FEWEST_ANSWERS = 5
const USUAL_OPENING = 0.6
/** Answers whose openings are compared. */
const READ = 5
/** A chance candidate rarely has this many votes. */
const VOTES = 3

/** The common prefix of two texts. */
function common(one: string, other: string): string {
  let end = 0
  while (end < one.length && one[end] === other[end]) end++
  return one.slice(0, end)
}

/** Drops an incomplete last line, if there are lines before it. */
const wholeLines = (text: string): string =>
  (text.includes('\n') ? text.slice(0, text.lastIndexOf('\n')) : text).trim()

/** Finds the opening of most answers by majority vote (Boyer, Moore 1981) with one candidate. */
export class Openings {
  #hash = 0
  #votes = 0
  #read = 0
  #words: string | null = null

  /** @param answer called for a few rows only */
  add(hash: number, answer: () => string): void {
    if (hash === 0) return
    if (this.#votes === 0) this.#begin(hash)
    if (hash !== this.#hash) {
      this.#votes--
      return
    }
    this.#votes++
    if (this.#votes < VOTES || this.#read === READ) return
    this.#read++
    const words = answer().trimStart().slice(0, 200)
    this.#words = this.#words === null ? words : common(this.#words, words)
  }

  #begin(hash: number): void {
    if (hash !== this.#hash) {
      this.#words = null
      this.#read = 0
    }
    this.#hash = hash
  }

  /** Reports the opening if most answers have it, and they are not all the same. */
  readonly compare: Comparison = (rows, tell) => {
    const answered = (row: number) => rows.hasAnswer(row) && rows.split(row) === 'train'
    const all = [...rowsThat(rows, answered)]
    const alike = all.filter((row) => rows.opening(row) === this.#hash)
    const [first] = alike
    if (first === undefined || this.#words === null) return
    if (alike.length < FEWEST_ANSWERS || alike.length < all.length * USUAL_OPENING) return
    if (alike.every((row) => rows.answer(row) === rows.answer(first))) return
    const start = wholeLines(this.#words).replace(/\s+/g, ' ').slice(0, 60)
    tell(first, 'shared-opening', { rows: alike.length, all: all.length, start })
  }
}
