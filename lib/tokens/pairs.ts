import { createMerge, type Join, type Merge } from './merge.ts'
import { NONE, slotsFor, type Vocabulary } from './vocabulary.ts'

/** Bits of the filter in front of the table: 256 kB, small enough for a processor's cache. */
const SIEVE = 2 ** 21

/** Triples of [left, right, merged] in one flat open-addressing table. */
function pairTable(entries: number) {
  const table = new Int32Array(slotsFor(entries) * 3).fill(-1)
  const mask = table.length / 3 - 1
  const sieve = new Uint8Array(SIEVE / 8)
  const mix = (left: number, right: number): number => {
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    return mixed ^ (mixed >>> 15)
  }
  const join: Join = (left, right) => {
    const mixed = mix(left, right)
    // Nine of ten pairs merge into nothing: the filter saves their look-up in the table.
    if (((sieve[(mixed & (SIEVE - 1)) >> 3] as number) & (1 << (mixed & 7))) === 0) return NONE
    let slot = mixed & mask
    for (;;) {
      const found = table[slot * 3] as number
      if (found === -1) return NONE
      if (found === left && table[slot * 3 + 1] === right) return table[slot * 3 + 2] as number
      slot = (slot + 1) & mask
    }
  }
  const add = (left: number, right: number, merged: number): void => {
    const mixed = mix(left, right)
    const byte = (mixed & (SIEVE - 1)) >> 3
    sieve[byte] = (sieve[byte] as number) | (1 << (mixed & 7))
    let slot = mixed & mask
    while (table[slot * 3] !== -1) slot = (slot + 1) & mask
    table.set([left, right, merged], slot * 3)
  }
  return { join, add }
}

/** The last merge's border inside a token, by comparing bytes; null when the merges never join all of them. */
function slowBorder(vocabulary: Vocabulary, bytes: Uint8Array): number | null {
  const cuts = Array.from({ length: bytes.length + 1 }, (_, at) => at)
  while (cuts.length > 3) {
    const ranks = cuts.slice(2).map((end, at) => vocabulary.rank(bytes, cuts[at] as number, end))
    const best = Math.min(...ranks)
    if (best === NONE) return null
    cuts.splice(ranks.indexOf(best) + 1, 1)
  }
  return cuts[1] as number
}

/**
 * The merge of a vocabulary, with a table of which two tokens merge into which.
 *
 * Each token has at most one pair: no merge crosses the token's two outer borders, so its bytes merge in the order
 * in which they would alone, and that order has one last step. Merging therefore looks up two numbers and never
 * compares bytes. The pairs are found in order of rank, each by merging the token's bytes with the pairs below it;
 * where these do not end in two parts, `slowBorder` compares bytes.
 */
export function mergeOf(vocabulary: Vocabulary): Merge {
  const { join, add } = pairTable(vocabulary.size)
  const single = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.rank(Uint8Array.of(byte), 0, 1))
  const merge = createMerge(single, join)
  for (let rank = 0; rank < vocabulary.size; rank++) {
    const bytes = vocabulary.token(rank)
    const { length } = bytes
    if (length < 2) continue
    const border = merge.count(bytes, 0, length) === 2 ? merge.ends()[0] : slowBorder(vocabulary, bytes)
    if (border) add(vocabulary.rank(bytes, 0, border), vocabulary.rank(bytes, border, length), rank)
  }
  return merge
}
