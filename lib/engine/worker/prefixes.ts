/** What prompts have in common: the keys and values of their beginnings, so that only the first one is read for them. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { KvCache } from '../model/kv-cache.ts'

/** Least tokens of a piece but the last: a shorter one saves less time than it takes to read it apart. */
const LEAST = 16

/** Most tokens of a piece: other chats wait while one is read. */
const MOST = 256

/** Bytes of keys and values kept for each model. */
const KEPT = 32e6

/** Part of a prompt that is read at once. */
export interface Piece {
  tokens: number[]
  /** Hash of all tokens of the prompt up to its end. */
  key: string
}

/**
 * Cuts a prompt where the template begins or ends a turn. The cuts depend on the tokens before them alone, so that equal
 * beginnings are read in equal pieces: what was kept of one prompt is bit for bit what another would compute.
 */
export function piecesOf(prompt: readonly number[], isSpecial: (id: number) => boolean): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let key = ''
  const cut = (end: number) => {
    const tokens = prompt.slice(start, end)
    key = createHash('sha256').update(`${key} ${tokens.join()}`).digest('base64')
    pieces.push({ tokens, key })
    start = end
  }
  for (const [index, id] of prompt.entries()) {
    const length = index - start
    if (length >= MOST || (length >= LEAST && isSpecial(id))) cut(index)
  }
  cut(prompt.length)
  return pieces
}

export type Prefixes = LRUCache<string, KvCache>

/** Pieces by their keys, each in a cache of one row that is exactly as long; the most recently used are kept. */
export const createPrefixes = (): Prefixes =>
  new LRUCache<string, KvCache>({ maxSize: KEPT, sizeCalculation: ({ bytes }) => bytes })
