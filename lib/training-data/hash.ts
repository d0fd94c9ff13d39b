import { utf8 } from './utf8.ts'

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
export function mix32(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * A 53-bit hash of several texts in order: enough to distinguish a million lines without keeping them (a collision
 * among a million different lines has a chance of 1 in 18,000). The borders between the texts count.
 */
export class Fingerprint {
  #a = 0xdeadbeef | 0
  #b = 0x41c6ce57 | 0

  add(text: string): this {
    const { bytes, words, length } = utf8(text)
    const whole = length >> 2
    let [a, b] = [this.#a, this.#b]
    for (let at = 0; at < whole; at++) {
      const word = words[at] as number
      a = Math.imul(a ^ word, 0x9e3779b1)
      b = Math.imul(b ^ word, 0x5f356495)
      a ^= a >>> 15
      b ^= b >>> 13
    }
    for (let at = whole * 4; at < length; at++) a = Math.imul(a ^ (bytes[at] as number), 0x9e3779b1)
    this.#a = mix32(a ^ length)
    this.#b = mix32(b ^ this.#a)
    return this
  }

  addNumber(value: number): this {
    this.#a = mix32(this.#a ^ value)
    return this
  }

  get value(): number {
    return 4294967296 * (2097151 & this.#b) + (this.#a >>> 0)
  }
}

export const fingerprint = (text: string): number => new Fingerprint().add(text).value
