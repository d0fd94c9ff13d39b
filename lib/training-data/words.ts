import { mix32 } from './hash.ts'
import { utf8 } from './utf8.ts'

/** Reading stops here: two texts equal for this long are near-duplicates. */
const MAX_WORDS = 65_536

/** Classes of characters besides letters; a negative letter is a whole word. */
const UNKNOWN = 0
const GAP = 1
const SILENT = 2

/** Class or letter of every UTF-16 unit, computed on first use. */
const signs = new Int32Array(65_536)

const isBetween = (code: number, from: number, to: number) => code >= from && code <= to

/** Scripts without spaces. */
const isSolid = (code: number): boolean =>
  isBetween(code, 0x3041, 0x30ff) ||
  isBetween(code, 0x3400, 0x9fff) ||
  isBetween(code, 0x0e00, 0x0eff) ||
  isBetween(code, 0x1000, 0x109f) ||
  isBetween(code, 0x1780, 0x17ff) ||
  isBetween(code, 0xf900, 0xfaff)

/** Optional in writing: accents and vowel signs, the Arabic tatweel, joiners. */
const isSilent = (code: number, sign: string): boolean =>
  code === 0x0640 ||
  /\p{Cf}/u.test(sign) ||
  (/\p{Mn}/u.test(sign) && (code < 0x0700 || isBetween(code, 0xfe00, 0xfe0f)))

const isHangul = (code: number): boolean => isBetween(code, 0xac00, 0xd7a3)

/** Equal readings count as equal: A as a, é as e, all forms of alef as one, a full-width letter as its narrow form. */
function classify(code: number): number {
  const sign = String.fromCharCode(code)
  if (isSilent(code, sign)) return SILENT
  if (!/[\p{L}\p{N}\p{M}]/u.test(sign)) return GAP
  // NFKD splits a Hangul syllable into sounds, and the first does not identify it.
  const letter = isHangul(code) ? code : sign.normalize('NFKD').toLowerCase().charCodeAt(0)
  return isSolid(code) ? -letter : letter
}

function signOf(code: number): number {
  // Beyond the first plane: rare ideographs are words, the rest (emoji) separates words.
  if (code > 0xffff) return code >= 0x20000 ? -code : GAP
  const known = signs[code] as number
  return known === UNKNOWN ? classified(code) : known
}

function classified(code: number): number {
  const sign = classify(code)
  signs[code] = sign
  return sign
}

/** The code point whose UTF-8 begins at `at`. */
function signAt(bytes: Uint8Array, at: number): number {
  const a = bytes[at] as number
  const b = bytes[at + 1] as number
  const c = bytes[at + 2] as number
  if (a < 0xe0) return ((a & 0x1f) << 6) | (b & 0x3f)
  if (a < 0xf0) return ((a & 0x0f) << 12) | ((b & 0x3f) << 6) | (c & 0x3f)
  return ((a & 0x07) << 18) | ((b & 0x3f) << 12) | ((c & 0x3f) << 6) | ((bytes[at + 3] as number) & 0x3f)
}

/** One hash per word; texts that differ only in case, accents, punctuation or spaces have equal hashes. */
export class Words {
  /** The first `count` are valid until the next `clear`. */
  readonly hashes = new Int32Array(MAX_WORDS)
  #count = 0
  #solid = 0

  get count(): number {
    return this.#count
  }

  /** Whether most words are single characters of a script without spaces. */
  get solid(): boolean {
    return this.#solid * 2 > this.#count
  }

  clear(): void {
    this.#count = 0
    this.#solid = 0
  }

  add(text: string): void {
    const { bytes, length } = utf8(text)
    let hash = 0
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number
      const sign = signOf(byte < 0x80 ? byte : signAt(bytes, at))
      if (byte >= 0xc0) at += byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
      if (sign > SILENT) hash = Math.imul(hash ^ sign, 0x01000193) + sign
      else if (sign !== SILENT) {
        if (hash !== 0) this.#push(hash)
        hash = 0
        if (sign < 0) this.#pushSolid(-sign)
      }
    }
    if (hash !== 0) this.#push(hash)
  }

  #push(hash: number): void {
    if (this.#count < MAX_WORDS) this.hashes[this.#count++] = mix32(hash)
  }

  #pushSolid(code: number): void {
    this.#solid++
    this.#push(code)
  }
}
