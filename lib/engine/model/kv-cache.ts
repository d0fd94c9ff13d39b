import type { Architecture } from './architecture.ts'
import { cachedDim } from './decoding-operations.ts'
import { pastOf, presentOf } from './llama.ts'
import { type Feeds, floats } from './session.ts'

/** Maximum number of rows, one for each chat: so many are decoded in one step. */
export const ROWS = 8

/** Least capacity in tokens; it doubles from there. */
const LEAST = 512

const NAMES = ['k', 'v'] as const

/** Tokens of a row, from `start` on. */
interface Tokens {
  layers: readonly Float32Array<ArrayBuffer>[]
  capacity: number
  row: number
  start: number
}

/** The capacity of a cache in which a row of `tokens` has room; never more than twice that, or the least. */
export function capacityFor(tokens: number, context: number): number {
  let capacity = LEAST
  while (capacity < tokens) capacity *= 2
  return Math.min(capacity, context)
}

/**
 * The keys and values of the tokens that some chats have read, a row for each chat. A read writes into it: its inputs
 * and outputs share their memory, so that nothing is copied.
 */
export class KvCache {
  readonly #a: Architecture
  /** Number of tokens that each row has room for. */
  readonly capacity: number
  /** Number of tokens in each row. */
  readonly lengths: number[] = []
  /** Number of rows that there is memory for. */
  #room = 0
  /** One per layer for keys and one for values: [room, kvHead, capacity, dim]. */
  #layers: Float32Array<ArrayBuffer>[]

  constructor(architecture: Architecture, capacity: number) {
    this.#a = architecture
    this.capacity = capacity
    this.#layers = Array.from({ length: architecture.layers * NAMES.length }, () => new Float32Array(0))
  }

  get isFull(): boolean {
    return this.lengths.length === ROWS
  }

  /** Bytes of all rows that there is memory for. */
  get bytes(): number {
    return this.#layers.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Adds an empty row at the end. */
  add(): void {
    if (this.lengths.length === this.#room) this.#grow()
    this.lengths.push(0)
  }

  #grow(): void {
    const room = Math.min(ROWS, Math.max(1, 2 * this.#room))
    const old = this.#layers
    this.#layers = old.map(() => new Float32Array(room * this.#rowLength))
    this.#room = room
    for (const [row, count] of this.lengths.entries())
      this.#copy({ layers: old, capacity: this.capacity, row, start: 0 }, row, 0, count)
  }

  /** Takes the last row away. */
  pop(): void {
    this.lengths.pop()
  }

  /** Empties a row. */
  clear(row: number): void {
    this.lengths[row] = 0
  }

  /** Counts tokens that were written behind those of a row. */
  advance(row: number, count: number): void {
    this.lengths[row] = (this.lengths[row] as number) + count
  }

  /** Appends tokens of another cache's row, from `start` on, to a row that has room for them. */
  append(row: number, from: KvCache, fromRow: number, start = 0): void {
    const length = this.lengths[row] as number
    const count = (from.lengths[fromRow] as number) - start
    this.#copy({ layers: from.#layers, capacity: from.capacity, row: fromRow, start }, row, length, count)
    this.advance(row, count)
  }

  /** Copies `count` tokens to place `to` of a row. */
  #copy(from: Tokens, row: number, to: number, count: number): void {
    const { kvHeads, headDim } = this.#a
    const dim = cachedDim(headDim)
    for (const [index, layer] of this.#layers.entries())
      for (let head = 0; head < kvHeads; head++) {
        const source = ((from.row * kvHeads + head) * from.capacity + from.start) * dim
        const tokens = (from.layers[index] as typeof layer).subarray(source, source + count * dim)
        layer.set(tokens, ((row * kvHeads + head) * this.capacity + to) * dim)
      }
  }

  /** `count` rows from `first` on, as inputs and as outputs. */
  feeds(first: number, count: number): { past: Feeds; present: Feeds } {
    const past: Feeds = {}
    const present: Feeds = {}
    const { kvHeads, headDim } = this.#a
    const shape = [count, kvHeads, this.capacity, cachedDim(headDim)]
    for (const [index, data] of this.#layers.entries()) {
      const [layer, name] = [Math.floor(index / NAMES.length), NAMES[index % NAMES.length] as 'k' | 'v']
      const rows = data.subarray(first * this.#rowLength, (first + count) * this.#rowLength)
      const tensor = floats(rows, shape)
      past[pastOf(layer, name)] = tensor
      present[presentOf(layer, name)] = tensor
    }
    return { past, present }
  }

  /** Numbers of a row in one layer. */
  get #rowLength(): number {
    return this.#a.kvHeads * this.capacity * cachedDim(this.#a.headDim)
  }
}
