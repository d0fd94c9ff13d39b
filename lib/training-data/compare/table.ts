import { mix32 } from '../hash.ts'

/** Most probes of a look-up: limits the time for a file crafted to collide. */
const MOST_STEPS = 32

/** 32 bits of a 53-bit hash. */
export const slotOf = (hash: number): number => mix32((hash >>> 0) ^ Math.floor(hash / 4294967296))

/** Hash table of rows: open addressing over row indices, 8 bytes per row. */
export class RowTable {
  readonly #slots: Uint32Array
  readonly #mask: number

  constructor(rows: number) {
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, rows * 1.5))))
    this.#mask = this.#slots.length - 1
  }

  /** The first equal row with this hash; if there is none, adds `row` and returns -1. */
  findOrAdd(hash: number, row: number, isSame: (other: number) => boolean): number {
    let slot = hash & this.#mask
    for (let steps = 0; ; steps++, slot = (slot + 1) & this.#mask) {
      const held = this.#slots[slot] as number
      if (held === 0) {
        if (steps < MOST_STEPS) this.#slots[slot] = row + 1
        return -1
      }
      if (isSame(held - 1)) return held - 1
      if (steps >= MOST_STEPS) return -1
    }
  }

  find(hash: number, isSame: (other: number) => boolean): number {
    let slot = hash & this.#mask
    for (let steps = 0; steps <= MOST_STEPS; steps++, slot = (slot + 1) & this.#mask) {
      const held = this.#slots[slot] as number
      if (held === 0) return -1
      if (isSame(held - 1)) return held - 1
    }
    return -1
  }
}
