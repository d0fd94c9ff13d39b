import { mix32 } from './hash.ts'
import type { Words } from './words.ts'

/** Minima in a sketch: the first four bits of a shingle's hash choose its bin. */
export const BINS = 16
const BIN_BITS = 4
/** One byte per minimum: two different minima are equal in one of 256 cases. */
const SKETCH_BYTES = BINS + 4
/** Shorter texts are too often similar. */
const FEWEST_SHINGLES = 8
/** Words per shingle; characters per shingle in scripts without spaces. */
const WORDS_IN_A_ROW = 3
const SIGNS_IN_A_ROW = 5

/** Of the rolling hash of a shingle. */
const FACTOR = 0x9e3779b1

function power(exponent: number): number {
  let result = 1
  for (let times = 0; times < exponent; times++) result = Math.imul(result, FACTOR)
  return result
}

const EMPTY = 0xffffffff
const minima = new Uint32Array(BINS)

/** The minimum of a bin; an empty bin takes that of the next filled bin, changed by the distance. */
function filled(bin: number): number {
  for (let far = 0; far < BINS; far++) {
    const value = minima[(bin + far) % BINS] as number
    if (value !== EMPTY) return far === 0 ? value : mix32(value + far) >>> 0
  }
  return 0
}

/**
 * The min-hash of a text's shingles in one permutation (Li, Owen, Zhang 2012; bins filled by rotation, Shrivastava
 * and Li 2014): the share of equal bins of two sketches estimates the Jaccard similarity of their shingles.
 * @param opening 32 bits, stored after the minima
 * @returns the low bytes of 16 minima, and the opening, low byte first; null for texts of fewer than 8 shingles
 */
export function minhashOf(words: Words, opening: number): Uint8Array | null {
  const size = words.solid ? SIGNS_IN_A_ROW : WORDS_IN_A_ROW
  const { hashes, count } = words
  if (count - size + 1 < FEWEST_SHINGLES) return null
  minima.fill(EMPTY)
  let hash = 0
  const leaving = power(size)
  for (let end = 0; end < count; end++) {
    const gone = end < size ? 0 : (hashes[end - size] as number)
    hash = Math.imul(hash, FACTOR) + (hashes[end] as number) - Math.imul(gone, leaving)
    if (end < size - 1) continue
    const value = mix32(hash) >>> 0
    const bin = value >>> (32 - BIN_BITS)
    if (value < (minima[bin] as number)) minima[bin] = value
  }
  // Up to 64 bytes lie on V8's heap; a separate buffer would cost more than all of the above.
  const sketch = new Uint8Array(SKETCH_BYTES)
  for (let bin = 0; bin < BINS; bin++) sketch[bin] = filled(bin)
  for (let byte = 0; byte < 4; byte++) sketch[BINS + byte] = opening >>> (byte * 8)
  return sketch
}

/** The opening stored in a sketch; 0 for none. */
export function openingIn(sketch: Uint8Array | null): number {
  if (sketch === null) return 0
  let opening = 0
  for (let at = SKETCH_BYTES - 1; at >= BINS; at--) opening = (opening << 8) | (sketch[at] as number)
  return opening >>> 0
}
