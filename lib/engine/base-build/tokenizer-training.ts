/**
 * Trains a byte-level BPE tokenizer whose first merges build the rimes, the parts of words that rhyme, and which never
 * joins a rhyming word with its rime: " bright" is " br" + "ight". To rhyme is then to copy a token, which a small model
 * learns early; with whole words it did not learn it at all.
 */
import { chatTemplate } from '../model/chat-template.ts'
import { RIMES, rimeOf } from './rhymes.ts'
import { figureOrdinals } from './words.ts'

const SPECIAL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const

/** " 65th" is one token each: in pieces, a stem would be glued to a wrong ending. */
const ORDINALS = figureOrdinals(120).map((ordinal) => ` ${ordinal}`)

/** How GPT-2 splits text into words before merging; the pre-tokenizer `ByteLevel` does the same. */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** GPT-2's printable character for each byte, as tokenizer.ts reads it. */
function byteLetters(): string[] {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++))
}

const LETTERS = byteLetters()
const lettersOf = (word: string): string[] =>
  Array.from(new TextEncoder().encode(word), (byte) => LETTERS[byte] ?? '')
const SPACE = LETTERS[32] ?? ''

type Pair = readonly [left: string, right: string]

const keyOf = (left: string, right: string) => `${left} ${right}`

/** Merges that build each rime from its first letter on; those of two vowels first, which "ain" and "ear" begin with. */
function rimePairs(): Pair[] {
  const pairs = new Map<string, Pair>()
  for (const rime of RIMES)
    for (let end = 1; end < rime.length; end++) {
      const pair = [rime.slice(0, end), rime.charAt(end)] as const
      pairs.set(keyOf(...pair), pair)
    }
  const isVowels = ([left, right]: Pair) => /^[aeiou]{2}$/.test(left + right)
  return [...pairs.values()].toSorted((a, b) => Number(isVowels(b)) - Number(isVowels(a)))
}

/** Pairs that would join a rhyming word, or an end of its stem, with its rime. */
function forbiddenPairs(words: Iterable<string>): Set<string> {
  const forbidden = new Set<string>()
  for (const word of words) {
    const rime = rimeOf(word)
    if (!rime) continue
    const stem = `${SPACE}${word.trim().slice(0, -rime.length)}`
    for (let at = 0; at < stem.length; at++) forbidden.add(keyOf(stem.slice(at), rime))
  }
  return forbidden
}

function joined(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = []
  for (let at = 0; at < symbols.length; at++) {
    const joins = symbols[at] === left && symbols[at + 1] === right
    result.push(joins ? left + right : (symbols[at] ?? ''))
    if (joins) at++
  }
  return result
}

interface Word {
  symbols: string[]
  count: number
}

/** A word in symbols after the merges of the rimes; a rhyming word without its rime, which nothing may join. */
function startOf(word: string, pairs: readonly Pair[]): string[] {
  const symbols = pairs.reduce((some, [left, right]) => joined(some, left, right), lettersOf(word))
  return symbols.at(-1) === rimeOf(word) ? symbols.slice(0, -1) : symbols
}

/** How often each pair of neighbours occurs, kept up to date while words change. */
class PairCounts {
  readonly counts = new Map<string, number>()
  readonly #words = new Map<string, Set<Word>>()

  add(word: Word, sign: 1 | -1): void {
    const { symbols, count } = word
    for (let at = 0; at + 1 < symbols.length; at++) {
      const key = keyOf(symbols[at] ?? '', symbols[at + 1] ?? '')
      this.counts.set(key, (this.counts.get(key) ?? 0) + sign * count)
      if (sign > 0) this.#words.set(key, (this.#words.get(key) ?? new Set()).add(word))
    }
  }

  /** The most frequent pair that may be joined; of equal ones, the first in the alphabet. */
  best(forbidden: ReadonlySet<string>): string | null {
    let [best, most] = ['', 1]
    for (const [key, count] of this.counts)
      if (count >= most && !forbidden.has(key) && (count > most || key < best)) [best, most] = [key, count]
    return best || null
  }

  merge(key: string): Pair {
    const [left = '', right = ''] = key.split(' ')
    for (const word of this.#words.get(key) ?? []) {
      this.add(word, -1)
      word.symbols = joined(word.symbols, left, right)
      this.add(word, 1)
    }
    this.counts.delete(key)
    this.#words.delete(key)
    return [left, right]
  }
}

/** Words of texts and how often they occur. */
export function wordCounts(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const [word] of text.matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function learntMerges(counts: ReadonlyMap<string, number>, pairs: readonly Pair[], most: number): Pair[] {
  const forbidden = forbiddenPairs(counts.keys())
  const known = new PairCounts()
  for (const [word, count] of counts) known.add({ symbols: startOf(word, pairs), count }, 1)
  const merges: Pair[] = []
  while (merges.length < most) {
    const best = known.best(forbidden)
    if (best === null) break
    merges.push(known.merge(best))
  }
  return merges
}

const plainToken = (content: string, id: number, special: boolean) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special,
})

/**
 * `tokenizer.json` in the form of the Hugging Face library.
 * @param vocabulary at most; with few texts there are fewer tokens
 */
export function trainTokenizer(counts: ReadonlyMap<string, number>, vocabulary: number) {
  const pairs = rimePairs()
  const start = new Set([...SPECIAL, ...LETTERS.toSorted(), ...pairs.map(([left, right]) => left + right)])
  const learnt = learntMerges(counts, pairs, vocabulary - start.size - ORDINALS.length)
  const merges = [...pairs, ...learnt]
  const tokens = [...new Set([...start, ...learnt.map(([left, right]) => left + right)])]
  const added = [
    ...SPECIAL.map((content, id) => plainToken(content, id, true)),
    ...ORDINALS.map((content, index) => plainToken(content, tokens.length + index, false)),
  ]
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: null,
    decoder: { ...bytes, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  }
}

export const sizeOf = ({ model, added_tokens }: ReturnType<typeof trainTokenizer>): number =>
  Object.keys(model.vocab).length + added_tokens.filter(({ special }) => !special).length

export const TOKENIZER_CONFIG = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: SPECIAL[1],
  eos_token: SPECIAL[2],
  pad_token: SPECIAL[0],
  clean_up_tokenization_spaces: false,
  chat_template: chatTemplate,
}
