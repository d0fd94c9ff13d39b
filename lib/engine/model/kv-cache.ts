import type { Architecture } from './architecture.ts'
import { cachedDim } from './decoding-operations.ts'
import { addedOf, pastOf } from './llama.ts'
import { type Feeds, floats } from './session.ts'

/** Maximum number of rows, one for each chat: so many are decoded in one step. */
export const ROWS = 8

/** Least limit in tokens; it doubles from there. */
const LEAST = 512

/** Tokens by which a cache grows: attention takes time for all that there is memory for. */
const ROOM = 64

const NAMES = ['k', 'v'] as const

/** What one of a cache's arrays holds. */
const placeOf = (index: number): [layer: number, name: (typeof NAMES)[number]] => [
  Math.floor(index / NAMES.length),
  NAMES[index % NAMES.length] as (typeof NAMES)[number],
]

/** Tokens of a row, from `start` on. */
interface Tokens {
  layers: readonly Float32Array<ArrayBuffer>[]
  capacity: number
  row: number
  start: number
}

/** The limit of a cache for a row of `tokens`; never more than twice that, or the least. */
export function limitFor(tokens: number, context: number): number {
  let limit = LEAST
  while (limit < tokens) limit *= 2
  return Math.min(limit, context)
}

/** The keys and values of the tokens that some chats have read, a row for each chat. */
export class KvCache {
  readonly #a: Architecture
  /** Most tokens of a row. */
  readonly limit: number
  /** Number of tokens in each row. */
  readonly lengths: number[] = []
  /** Number of rows that there is memory for, and of tokens in each. */
  #room = 0
  #capacity = 0
  /** One per layer for keys and one for values: [room, kvHead, capacity, dim]. */
  #layers: Float32Array<ArrayBuffer>[]

  constructor(architecture: Architecture, limit: number) {
    this.#a = architecture
    this.limit = limit
    this.#layers = Array.from({ length: architecture.layers * NAMES.length }, () => new Float32Array(0))
  }

  get isFull(): boolean {
    return this.lengths.length === ROWS
  }

  /** Bytes of all that there is memory for. */
  get bytes(): number {
    return this.#layers.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Adds an empty row at the end. */
  add(): void {
    if (this.lengths.length === this.#room)
      this.#grow(Math.min(ROWS, Math.max(1, 2 * this.#room)), this.#capacity)
    this.lengths.push(0)
  }

  /** Takes the last row away. */
  pop(): void {
    this.lengths.pop()
  }

  /** Empties a row. */
  clear(row: number): void {
    this.lengths[row] = 0
  }

  /**
   * Makes room for so many tokens in each row.
   * @throws RangeError beyond the limit
   */
  reserve(tokens: number): void {
    if (tokens > this.limit) throw new RangeError('the cache has no room for these tokens')
    if (tokens > this.#capacity) this.#grow(this.#room, Math.min(this.limit, Math.ceil(tokens / ROOM) * ROOM))
  }

  #grow(room: number, capacity: number): void {
    const [layers, old] = [this.#layers, this.#capacity]
    this.#layers = layers.map(() => new Float32Array(room * this.#a.kvHeads * capacity * this.#dim))
    this.#room = room
    this.#capacity = capacity
    for (const [row, count] of this.lengths.entries())
      this.#copy({ layers, capacity: old, row, start: 0 }, row, 0, count)
  }

  /** Counts tokens that were put behind those of a row. */
  advance(row: number, count: number): void {
    this.lengths[row] = (this.lengths[row] as number) + count
  }

  /** Appends tokens of another cache's row, from `start` on. */
  append(row: number, from: KvCache, fromRow: number, start = 0): void {
    const length = this.lengths[row] as number
    const count = (from.lengths[fromRow] as number) - start
    this.reserve(length + count)
    this.#copy({ layers: from.#layers, capacity: from.#capacity, row: fromRow, start }, row, length, count)
    this.advance(row, count)
  }

  /** Copies `count` tokens to place `to` of a row. */
  #copy(from: Tokens, row: number, to: number, count: number): void {
    const { kvHeads } = this.#a
    const dim = this.#dim
    for (const [index, layer] of this.#layers.entries())
      for (let head = 0; head < kvHeads; head++) {
        const source = ((from.row * kvHeads + head) * from.capacity + from.start) * dim
        const tokens = (from.layers[index] as typeof layer).subarray(source, source + count * dim)
        layer.set(tokens, ((row * kvHeads + head) * this.#capacity + to) * dim)
      }
  }

  /** `count` rows from `first` on as inputs, [row, kvHead, capacity, dim] each. */
  feeds(first: number, count: number): Feeds {
    const { kvHeads } = this.#a
    const shape = [count, kvHeads, this.#capacity, this.#dim]
    const length = kvHeads * this.#capacity * this.#dim
    const tensor = (data: Float32Array) =>
      floats(data.subarray(first * length, (first + count) * length), shape)
    return Object.fromEntries(this.#layers.map((data, index) => [pastOf(...placeOf(index)), tensor(data)]))
  }

  /**
   * Puts what the session adds behind the tokens of `count` rows from `first` on, which have room for it; `advance`
   * then counts it.
   * @param time new tokens in each row
   */
  put(first: number, count: number, time: number, outputs: Feeds): void {
    // Plain numbers: fields and views for so few numbers at a time would take most of the time.
    const [{ kvHeads }, capacity, dim] = [this.#a, this.#capacity, this.#dim]
    for (const [index, layer] of this.#layers.entries()) {
      const added = outputs[addedOf(...placeOf(index))]?.data as Float32Array // [row, time, kvHead, dim]
      let from = 0
      for (let row = first; row < first + count; row++) {
        const length = this.lengths[row] as number
        for (let token = length; token < length + time; token++)
          for (let head = 0; head < kvHeads; head++) {
            const to = ((row * kvHeads + head) * capacity + token) * dim
            for (let i = 0; i < dim; i++) layer[to + i] = added[from++] as number
          }
      }
    }
  }

  get #dim(): number {
    return cachedDim(this.#a.headDim)
  }
}
