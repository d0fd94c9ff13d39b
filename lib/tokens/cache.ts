import { hash } from './vocabulary.ts'

/** A slot: the piece's length, its tokens, its bytes. Half a cache line. */
const SLOT = 32
const LENGTH = 0
const COUNT = 1
const BYTES = 2

/**
 * Caches how many tokens a piece has. Its hash gives a piece one slot, and a new piece replaces the one there: no
 * probing, and a fixed size. Pieces of more than 30 bytes seldom come twice and are not kept.
 * @param slots a power of two, of 32 bytes each
 */
export function cached(
  count: (bytes: Uint8Array, start: number, end: number) => number,
  slots: number,
): (bytes: Uint8Array, start: number, end: number) => number {
  const memory = new Uint8Array(slots * SLOT)

  const holds = (slot: number, bytes: Uint8Array, start: number, length: number): boolean => {
    if (memory[slot + LENGTH] !== length) return false
    for (let at = 0; at < length; at++) if (memory[slot + BYTES + at] !== bytes[start + at]) return false
    return true
  }

  return (bytes, start, end) => {
    const length = end - start
    if (length > SLOT - BYTES) return count(bytes, start, end)
    const slot = (hash(bytes, start, end) & (slots - 1)) * SLOT
    if (holds(slot, bytes, start, length)) return memory[slot + COUNT] as number
    const found = count(bytes, start, end)
    memory[slot + LENGTH] = length
    memory[slot + COUNT] = found
    for (let at = 0; at < length; at++) memory[slot + BYTES + at] = bytes[start + at] as number
    return found
  }
}
