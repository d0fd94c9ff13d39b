import type { LineFacts } from '../facts.ts'
import { Flag } from '../flags.ts'
import { BINS, openingIn } from '../minhash.ts'

export type Split = 'train' | 'heldout'

const TRAIN = 1
const SOUND = 2
const PREFERENCE = 4
const SKETCHED = 8
const PROMPTED = 16
const ANSWERED = 32
const REASONED = 64

type Column = Uint8Array | Uint32Array | Float64Array

function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(length)
  larger.set(column as never)
  return larger
}

/** The facts compared for up to a million rows: 58 bytes per row, in columns. A row is its index. */
export class Rows {
  #count = 0
  #lines = new Uint32Array(256)
  #numbers = new Uint32Array(256)
  #marks = new Uint8Array(256)
  #tokens = new Uint32Array(256)
  #languages = new Uint8Array(256)
  #systems = new Float64Array(256)
  #lineHashes = new Float64Array(256)
  #promptHashes = new Float64Array(256)
  #answers = new Uint32Array(256)
  #sketches = new Uint8Array(256 * BINS)
  #openings = new Uint32Array(256)
  readonly #codes: string[] = []

  get count(): number {
    return this.#count
  }

  /** @param number the example's in its split, from 1 */
  add(facts: LineFacts, split: Split, line: number, number: number, sound: boolean): void {
    const row = this.#count++
    if (row === this.#lines.length) this.#grow(row * 2)
    this.#lines[row] = line
    this.#numbers[row] = number
    this.#tokens[row] = facts.tokens
    this.#languages[row] = this.#codeOf(facts.language)
    this.#systems[row] = facts.systemHash ?? 0
    this.#lineHashes[row] = facts.lineHash
    this.#promptHashes[row] = facts.promptHash ?? 0
    this.#openings[row] = openingIn(facts.sketch)
    this.#answers[row] = (facts.answerHash ?? 0) >>> 0
    this.#marks[row] =
      (split === 'train' ? TRAIN : 0) |
      (sound ? SOUND : 0) |
      (facts.flags & Flag.preference ? PREFERENCE : 0) |
      (facts.flags & Flag.reasoning ? REASONED : 0) |
      (facts.sketch ? SKETCHED : 0) |
      (facts.promptHash === null ? 0 : PROMPTED) |
      (facts.answerHash === null ? 0 : ANSWERED)
    for (let bin = 0; facts.sketch && bin < BINS; bin++)
      this.#sketches[row * BINS + bin] = facts.sketch[bin] as number
  }

  line = (row: number): number => this.#lines[row] as number
  number = (row: number): number => this.#numbers[row] as number
  tokens = (row: number): number => this.#tokens[row] as number
  /** Hash of the system prompt, 0 without one. */
  system = (row: number): number => this.#systems[row] as number
  lineHash = (row: number): number => this.#lineHashes[row] as number
  promptHash = (row: number): number => this.#promptHashes[row] as number
  answer = (row: number): number => this.#answers[row] as number
  /** Hash of its answer's opening, 0 when unknown. */
  opening = (row: number): number => this.#openings[row] as number
  hasReasoning = (row: number): boolean => this.#has(row, REASONED)
  /** null when unsure. */
  language = (row: number): string | null => this.#codes[(this.#languages[row] as number) - 1] ?? null
  split = (row: number): Split => (this.#has(row, TRAIN) ? 'train' : 'heldout')
  isSound = (row: number): boolean => this.#has(row, SOUND)
  isPreference = (row: number): boolean => this.#has(row, PREFERENCE)
  hasSketch = (row: number): boolean => this.#has(row, SKETCHED)
  hasSystem = (row: number): boolean => this.#systems[row] !== 0
  hasPrompt = (row: number): boolean => this.#has(row, PROMPTED)
  hasAnswer = (row: number): boolean => this.#has(row, ANSWERED)
  /** One byte of a row's sketch. */
  bin = (row: number, bin: number): number => this.#sketches[row * BINS + bin] as number

  /** Equal bins of two sketches, of 16. */
  likeness(a: number, b: number): number {
    let alike = 0
    for (let bin = 0; bin < BINS; bin++) if (this.bin(a, bin) === this.bin(b, bin)) alike++
    return alike
  }

  /** Whether at most `mostOther` bins differ; stops early for different rows. */
  isLike(a: number, b: number, mostOther: number): boolean {
    let other = 0
    for (let bin = 0; bin < BINS; bin++)
      if (this.bin(a, bin) !== this.bin(b, bin) && ++other > mostOther) return false
    return true
  }

  #has(row: number, mark: number): boolean {
    return ((this.#marks[row] as number) & mark) !== 0
  }

  #codeOf(language: string | null): number {
    if (language === null) return 0
    const known = this.#codes.indexOf(language)
    return known >= 0 ? known + 1 : Math.min(this.#codes.push(language), 255)
  }

  #grow(length: number): void {
    this.#lines = grown(this.#lines, length)
    this.#numbers = grown(this.#numbers, length)
    this.#marks = grown(this.#marks, length)
    this.#tokens = grown(this.#tokens, length)
    this.#languages = grown(this.#languages, length)
    this.#systems = grown(this.#systems, length)
    this.#lineHashes = grown(this.#lineHashes, length)
    this.#promptHashes = grown(this.#promptHashes, length)
    this.#answers = grown(this.#answers, length)
    this.#sketches = grown(this.#sketches, length * BINS)
    this.#openings = grown(this.#openings, length)
  }
}
