import { createRequire } from 'node:module'
import { Tiktoken } from 'tiktoken/lite'
import { type CountableExample, type ExampleTokens, exampleTokens } from './chat.ts'

/** o200k_base: gpt-4o and gpt-4.1. cl100k_base: gpt-4 and gpt-3.5-turbo. */
export type Encoding = 'o200k_base' | 'cl100k_base'

/**
 * Longest run of one kind of character that is encoded in one piece, in UTF-16 units. The encoder's time grows
 * with the square of a run (100 kB of "aaaa…" take it 16 s), so longer ones are cut; a cut may cost a token or two.
 */
export const MAX_RUN = 512

interface Ranks {
  bpe_ranks: string
  special_tokens: Record<string, number>
  pat_str: string
}

const require = createRequire(import.meta.url)
// Written out, because a bundler finds only what is named.
const ranksOf: Record<Encoding, () => Ranks> = {
  o200k_base: () => require('tiktoken/encoders/o200k_base.json'),
  cl100k_base: () => require('tiktoken/encoders/cl100k_base.json'),
}
const encoders = new Map<Encoding, Tiktoken>()

/** Loads the tables on first use: about half a second and 50 MB each. */
function encoder(encoding: Encoding): Tiktoken {
  const known = encoders.get(encoding)
  if (known) return known
  const { bpe_ranks, special_tokens, pat_str } = ranksOf[encoding]()
  const made = new Tiktoken(bpe_ranks, special_tokens, pat_str)
  encoders.set(encoding, made)
  return made
}

const LONG_RUN = new RegExp(
  ['[\\p{L}\\p{M}]', '[^\\s\\p{L}\\p{M}\\p{N}]', '\\s'].map((kind) => `${kind}{${MAX_RUN + 1},}`).join('|'),
  'gu',
)

/** Offsets inside `run` at which it is cut, never between the halves of a surrogate pair. */
function* cuts(run: string): Generator<number> {
  for (let end = MAX_RUN; end < run.length; end += MAX_RUN) {
    if ((run.codePointAt(end - 1) ?? 0) > 0xffff) end++
    yield end
  }
}

/** The text in pieces: one, unless it holds a run that is too long. */
function pieces(text: string): string[] {
  const parts: string[] = []
  let start = 0
  for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
    for (const offset of cuts(run)) {
      parts.push(text.slice(start, index + offset))
      start = index + offset
    }
  }
  return [...parts, text.slice(start)]
}

/** Number of tokens of a text; what looks like a special token (`<|im_end|>`) counts as the text it is. */
export function countTokens(text: string, encoding: Encoding = 'o200k_base'): number {
  const tables = encoder(encoding)
  return pieces(text).reduce((sum, piece) => sum + tables.encode_ordinary(piece).length, 0)
}

/** Tokens of an example as OpenAI would bill them: an estimate, see `exampleTokens`. */
export const countExample = (example: CountableExample, encoding: Encoding = 'o200k_base'): ExampleTokens =>
  exampleTokens(example, (text) => countTokens(text, encoding))
