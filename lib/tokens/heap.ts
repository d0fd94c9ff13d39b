/** A key is rank × 2^31 + place: it sorts by rank, then by place (places under 2^31, ranks under 2^22). */
const PLACES = 2 ** 31

/** A binary heap: the lowest rank comes out first, of equal ones the leftmost place. */
export function createHeap(room: number) {
  let keys = new Float64Array(Math.max(16, room))
  let size = 0

  function rise(key: number): void {
    let at = size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = keys[parent] as number
      if (above <= key) break
      keys[at] = above
      at = parent
    }
    keys[at] = key
  }

  function sink(key: number): void {
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= size) break
      if (child + 1 < size && (keys[child + 1] as number) < (keys[child] as number)) child++
      const below = keys[child] as number
      if (key <= below) break
      keys[at] = below
      at = child
    }
    keys[at] = key
  }

  const heap = {
    /** Rank and place that the last `pop` removed. */
    rank: 0,
    at: 0,
    push(rank: number, at: number): void {
      if (size === keys.length) {
        const grown = new Float64Array(size * 2)
        grown.set(keys)
        keys = grown
      }
      rise(rank * PLACES + at)
    },
    /** @returns false when the heap is empty */
    pop(): boolean {
      if (size === 0) return false
      const lowest = keys[0] as number
      size--
      if (size > 0) sink(keys[size] as number)
      heap.at = lowest % PLACES
      heap.rank = (lowest - heap.at) / PLACES
      return true
    },
  }
  return heap
}
