/** "No such token": larger than every rank, so that a search for the lowest needs no special case. */
export const NONE = 0x7fffffff

/** Every token's bytes and rank. The rank is also the id: lower ranks merge first. */
export interface Vocabulary {
  size: number
  /** @returns the rank of `bytes[start…end)`, or NONE */
  rank(bytes: Uint8Array, start: number, end: number): number
  token(rank: number): Uint8Array
}

/** FNV-1a over `bytes[start…end)`, its upper half folded into the lower half, which tables use. */
export function hash(bytes: Uint8Array, start: number, end: number): number {
  let mixed = 0x811c9dc5
  for (let at = start; at < end; at++) mixed = Math.imul(mixed ^ (bytes[at] as number), 0x01000193)
  return mixed ^ (mixed >>> 15)
}

/** Slots of an open-addressing table that is at most half full, as a power of two. */
export const slotsFor = (entries: number): number => 2 ** Math.ceil(Math.log2(entries * 2))

const SPACE = 0x20
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const sextets = Int32Array.from({ length: 128 }, (_, code) => BASE64.indexOf(String.fromCharCode(code)))

/**
 * All tokens' bytes one after the other, and where each begins.
 * @param ranks "! 0 IQ== Ig== …": the tokens in base64, in order of rank. Read letter by letter, because 200,000
 * small strings would stay in memory long afterwards.
 */
function unpack(ranks: string): { arena: Uint8Array; starts: number[] } {
  const arena = new Uint8Array(ranks.length)
  const starts: number[] = []
  let used = 0
  let bits = 0 // bits of `word` not written yet
  let word = 0
  for (let at = '! 0'.length; at < ranks.length; at++) {
    const code = ranks.charCodeAt(at)
    const sextet = sextets[code] as number
    if (code === SPACE) {
      starts.push(used)
      bits = 0
    } else if (sextet >= 0) {
      word = (word << 6) | sextet
      bits += 6
      if (bits < 8) continue
      bits -= 8
      arena[used++] = word >> bits
    }
  }
  starts.push(used)
  return { arena: arena.slice(0, used), starts }
}

/** Tables of ~22 bytes a token: one arena, and an open-addressing index over it. */
export function readVocabulary(ranks: string): Vocabulary {
  const unpacked = unpack(ranks)
  const { arena } = unpacked
  const starts = Uint32Array.from(unpacked.starts)
  const size = starts.length - 1
  const slots = new Int32Array(slotsFor(size)).fill(-1)
  const mask = slots.length - 1

  const slotOf = (rank: number) => hash(arena, starts[rank] as number, starts[rank + 1] as number) & mask
  for (let rank = 0; rank < size; rank++) {
    let slot = slotOf(rank)
    while (slots[slot] !== -1) slot = (slot + 1) & mask
    slots[slot] = rank
  }

  const equals = (rank: number, bytes: Uint8Array, start: number, length: number): boolean => {
    const from = starts[rank] as number
    if ((starts[rank + 1] as number) - from !== length) return false
    for (let at = 0; at < length; at++) if (arena[from + at] !== bytes[start + at]) return false
    return true
  }

  return {
    size,
    rank(bytes, start, end) {
      let slot = hash(bytes, start, end) & mask
      for (;;) {
        const rank = slots[slot] as number
        if (rank === -1) return NONE
        if (equals(rank, bytes, start, end - start)) return rank
        slot = (slot + 1) & mask
      }
    },
    token: (rank) => arena.subarray(starts[rank], starts[rank + 1]),
  }
}
