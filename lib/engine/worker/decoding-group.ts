import { type Decoder, emptyCache } from '../model/decoder.ts'
import { type KvCache, ROWS } from '../model/kv-cache.ts'

/** Chats that one step decodes: those in the rows of a cache. */
export interface Batch<Chat> {
  chats: readonly Chat[]
  cache: KvCache
}

/**
 * Chats of one model whose caches have the same limit, so that a long chat takes no memory for short ones. Chat i is row
 * i % ROWS of cache ⌊i / ROWS⌋: all caches but the last are full. Steps are taken from outside; no chat may join or
 * leave during one.
 */
export class DecodingGroup<Chat> {
  readonly decoder: Decoder
  readonly limit: number
  readonly #chats: Chat[] = []
  readonly #caches: KvCache[] = []

  constructor(decoder: Decoder, limit: number) {
    this.decoder = decoder
    this.limit = limit
  }

  get isEmpty(): boolean {
    return this.#chats.length === 0
  }

  chats(): Chat[] {
    return [...this.#chats]
  }

  batches(): Batch<Chat>[] {
    return this.#caches.map((cache, index) => ({
      cache,
      chats: this.#chats.slice(index * ROWS, (index + 1) * ROWS),
    }))
  }

  /** @param cache the chat's own, of this group's limit, with what it has read; afterwards the group's */
  join(chat: Chat, cache: KvCache): void {
    const last = this.#caches.at(-1)
    if (!last || last.isFull) this.#caches.push(cache)
    else {
      last.add()
      last.append(last.lengths.length - 1, cache, 0)
    }
    this.#chats.push(chat)
  }

  /** The last chat takes the row of one that leaves. */
  leave(chat: Chat): void {
    const [index, end] = [this.#chats.indexOf(chat), this.#chats.length - 1]
    const [from, last] = this.#rowOf(end)
    if (index < end) {
      const [to, row] = this.#rowOf(index)
      to.clear(row)
      to.append(row, from, last)
      this.#chats[index] = this.#chats[end] as Chat
    }
    from.pop()
    this.#chats.pop()
    if (from.lengths.length === 0) this.#caches.pop()
  }

  /** A cache of its own, of another limit, with what a chat has read. */
  copy(chat: Chat, limit: number): KvCache {
    const cache = emptyCache(this.decoder.architecture, limit)
    cache.append(0, ...this.#rowOf(this.#chats.indexOf(chat)))
    return cache
  }

  #rowOf(index: number): [KvCache, row: number] {
    return [this.#caches[Math.floor(index / ROWS)] as KvCache, index % ROWS]
  }
}
