import { mergeLong } from './merge-long.ts'
import { mergeShort } from './merge-short.ts'

/** The rank of the token that two neighbours merge into, or NONE. */
export type Join = (left: number, right: number) => number

/**
 * Byte-pair encoding of one piece: merges the two neighbours with the lowest rank, the leftmost first, until no pair
 * can merge.
 */
export interface Merge {
  /** @returns the number of tokens of `bytes[start…end)` */
  count(bytes: Uint8Array, start: number, end: number): number
  /** Where each token of the last `count` ends, counted from its `start`; valid until the next one. */
  ends(): Int32Array
}

/** Bytes up to which a linear search is quicker than a heap. */
const SHORT = 128

/** @param single the token of each byte @param join the token that two tokens merge into */
export function createMerge(single: Int32Array, join: Join): Merge {
  const short = mergeShort(single, join, SHORT)
  const long = mergeLong(single, join)
  let last = short
  return {
    count(bytes, start, end) {
      last = end - start <= SHORT ? short : long
      return last.count(bytes, start, end)
    },
    ends: () => last.ends(),
  }
}
