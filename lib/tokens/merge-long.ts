import { createHeap } from './heap.ts'
import type { Join, Merge } from './merge.ts'
import { NONE } from './vocabulary.ts'

/** Neighbours in a heap, tokens in a linked list: O(n log n), for pieces as long as a megabyte without a space. */
export function mergeLong(single: Int32Array, join: Join): Merge {
  let ends = new Int32Array()

  function count(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    const tokens = Int32Array.from({ length }, (_, at) => single[bytes[start + at] as number] as number)
    const next = Int32Array.from({ length }, (_, at) => at + 1)
    const previous = Int32Array.from({ length }, (_, at) => at - 1)
    const ranks = new Int32Array(length) // of the merge with the next token; NONE where a token was merged away
    const heap = createHeap(length)

    const pushPair = (at: number) => {
      const after = next[at] as number
      const rank = after < length ? join(tokens[at] as number, tokens[after] as number) : NONE
      ranks[at] = rank
      if (rank !== NONE) heap.push(rank, at)
    }
    for (let at = 0; at < length; at++) pushPair(at)
    let left = length
    while (heap.pop()) {
      const { rank, at } = heap
      if (ranks[at] !== rank) continue // stale: one of the two has merged with another
      const gone = next[at] as number
      const after = next[gone] as number
      tokens[at] = rank
      ranks[gone] = NONE
      next[at] = after
      if (after < length) previous[after] = at
      pushPair(at)
      if (at > 0) pushPair(previous[at] as number)
      left--
    }
    ends = new Int32Array(left)
    for (let at = 0, token = 0; at < length; at = next[at] as number) ends[token++] = next[at] as number
    return left
  }
  return { count, ends: () => ends }
}
