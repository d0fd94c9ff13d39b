import type { Join, Merge } from './merge.ts'
import { NONE } from './vocabulary.ts'

/** Searches all ranks after every merge: O(n²), but no bookkeeping. @param room most bytes of a piece */
export function mergeShort(single: Int32Array, join: Join, room: number): Merge {
  const tokens = new Int32Array(room)
  const ends = new Int32Array(room)
  const ranks = new Int32Array(room) // of the merge with the next token
  let lowest = 0 // index of the lowest rank

  function read(bytes: Uint8Array, start: number, length: number): void {
    let token = single[bytes[start] as number] as number
    for (let at = 0; at < length; at++) {
      const next = at + 1 < length ? (single[bytes[start + at + 1] as number] as number) : NONE
      tokens[at] = token
      ends[at] = at + 1
      ranks[at] = next === NONE ? NONE : join(token, next)
      token = next
    }
  }

  function find(length: number): number {
    let best = NONE
    for (let at = 0; at < length; at++) {
      const rank = ranks[at] as number
      if (rank >= best) continue
      best = rank
      lowest = at
    }
    return best
  }

  /** Replaces the token at `at` and the next by `merged`; the rest moves up. `length` is the new one. */
  function put(merged: number, at: number, length: number): void {
    ends[at] = ends[at + 1] as number
    for (let place = at + 1; place < length; place++) {
      tokens[place] = tokens[place + 1] as number
      ends[place] = ends[place + 1] as number
      ranks[place] = ranks[place + 1] as number
    }
    tokens[at] = merged
    ranks[at] = at + 1 < length ? join(merged, tokens[at + 1] as number) : NONE
    if (at > 0) ranks[at - 1] = join(tokens[at - 1] as number, merged)
  }

  return {
    count(bytes, start, end) {
      let length = end - start
      read(bytes, start, length)
      for (let rank = find(length); rank !== NONE; rank = find(length)) put(rank, lowest, --length)
      return length
    },
    ends: () => ends,
  }
}
