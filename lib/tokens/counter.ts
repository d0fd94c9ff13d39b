import { cached } from './cache.ts'
import { mergeOf } from './pairs.ts'
import { scannerOf } from './scanner.ts'
import { NONE, readVocabulary } from './vocabulary.ts'

/** An encoding as the `tiktoken` package stores it. */
export interface TokenTable {
  /** "! 0 IQ== Ig== …": the tokens in base64, in order of rank. */
  bpe_ranks: string
  /** The regular expression that splits a text into pieces, which are encoded one by one. */
  pat_str: string
}

/** Counts as tiktoken's `encode_ordinary` does: special tokens are plain text. */
export interface Counter {
  count(text: string): number
  /**
   * The text of every token, or of the first `most`. A token that ends in the middle of a character is '', and the
   * token that completes the character has all of it: there are `count` pieces, and joined they give the text.
   */
  pieces(text: string, most?: number): string[]
}

/** Texts of up to this many UTF-16 units share one buffer. */
const USUAL = 1 << 15
const CACHE_SLOTS = 1 << 17

/** A counter whose tables take 15 MB for o200k_base and 10 MB for cl100k_base; `table` itself is not kept. */
export function createCounter({ bpe_ranks, pat_str }: TokenTable): Counter {
  const vocabulary = readVocabulary(bpe_ranks)
  const pieceEnd = scannerOf(pat_str)
  const merge = mergeOf(vocabulary)
  const encoder = new TextEncoder()
  const usual = new Uint8Array(USUAL * 3)

  const whole = (bytes: Uint8Array, start: number, end: number) => vocabulary.rank(bytes, start, end) !== NONE
  const tokensOf = cached(
    (bytes, start, end) => (whole(bytes, start, end) ? 1 : merge.count(bytes, start, end)),
    CACHE_SLOTS,
  )

  /** The text's UTF-8 in the first `length` of `bytes`; a lone surrogate becomes U+FFFD. */
  function utf8(text: string): { bytes: Uint8Array; length: number } {
    if (text.length > USUAL) {
      const bytes = encoder.encode(text)
      return { bytes, length: bytes.length }
    }
    return { bytes: usual, length: encoder.encodeInto(text, usual).written }
  }

  function count(text: string): number {
    const { bytes, length } = utf8(text)
    let tokens = 0
    for (let at = 0; at < length; ) {
      const end = pieceEnd(bytes, at, length)
      tokens += tokensOf(bytes, at, end)
      at = end
    }
    return tokens
  }

  /** Where each token ends, in bytes from the text's start. */
  function* ends(bytes: Uint8Array, length: number): Generator<number> {
    for (let at = 0; at < length; ) {
      const end = pieceEnd(bytes, at, length)
      if (whole(bytes, at, end)) yield end
      else {
        const tokens = merge.count(bytes, at, end)
        for (const offset of merge.ends().slice(0, tokens)) yield at + offset
      }
      at = end
    }
  }

  function pieces(text: string, most = Number.POSITIVE_INFINITY): string[] {
    const { bytes, length } = utf8(text)
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const found: string[] = []
    let at = 0
    for (const end of ends(bytes, length)) {
      if (found.length >= most) break
      found.push(decoder.decode(bytes.subarray(at, end), { stream: true }))
      at = end
    }
    return found
  }

  return { count, pieces }
}
