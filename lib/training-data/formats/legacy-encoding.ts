import type { Encoding, FoundEncoding } from './encoding.ts'

/** Detects the legacy encoding of text that is not Unicode, by the words that each encoding gives. */

/** Non-ASCII letters of languages, by encoding. Capitals are derived. */
const latin: readonly (readonly [Encoding, readonly string[]])[] = [
  [
    'windows-1252',
    [
      'äöüßé', // German
      'àâæçéèêëîïôœùûüÿ', // French
      'áéíóúüñªº', // Spanish
      'ãõáéíóúâêôàçüªº', // Portuguese
      'àèéìíîòóùúª°', // Italian
      'åäöæøéüàôòóêè', // Nordic
      'áéíóúýþæðöø', // Icelandic
      'ëïéèöüáóíúçêä', // Dutch
      'àèéíïòóúüç', // Catalan
    ],
  ],
  [
    'windows-1250',
    [
      'ąćęłńóśźż', // Polish
      'áčďéěíňóřšťúůýž', // Czech
      'áäčďéíĺľňóôŕšťúýž', // Slovak
      'áéíóöőúüű', // Hungarian
      'čćđšž', // Croatian
      'ăâîşţ', // Romanian
    ],
  ],
  ['windows-1254', ['çğıöşüİâîû']],
  ['macintosh', ['äöüßé', 'àâçéèêëîïôœùûü', 'áéíóúüñ', 'ãõáéíóúâêôàç', 'åäöæø']],
]

/** Other alphabets: encoding, form of a word with each letter in a valid place, and letters of any longer text. */
const others: readonly (readonly [Encoding, RegExp, RegExp])[] = [
  ['windows-1251', /^(?:[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]+)$/, /[ыьэюяіїє]/],
  ['koi8-r', /^(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+)$/, /[ыьэюя]/],
  ['windows-1253', /^(?:[Α-ΩΆΈΉΊΌΎΏΪΫ]?[α-ρσ-ωάέήίόύώϊϋΐΰ]*ς?|[Α-ΩΆΈΉΊΌΎΏΪΫ]+)$/, /[άέήίόύώ]/],
  ['windows-1255', /^(?:[א-ת][\u05b0-\u05c2]*)+$/, /[ימ]/],
  [
    'windows-1256',
    // Two letters only end a word.
    /^[\u0621-\u0628\u062a-\u0648\u064a-\u0652\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2]*(?:[\u0629\u0649][\u064b-\u0652]*)?$/,
    /[\u0627]/,
  ],
]

/** Encodings with two bytes per character, with the characters typical of them, and their least share. */
const paired: readonly (readonly [Encoding, RegExp, number])[] = [
  ['shift_jis', /[\u3041-\u30fa]/g, 0.3],
  ['euc-jp', /[\u3041-\u30fa]/g, 0.3],
  ['euc-kr', /[\uac00-\ud7a3]/g, 0.9],
  ['big5', /[的一是不了在人有我他這中大來上個國和也你到說們為子時道出會可以什麼好用問答請如何能要]/g, 0.12],
  [
    'gb18030',
    /[的一是不了在人有我他这中大来上个国和也你到说们为子时道出会可以什么好用问答请如何能要]/g,
    0.12,
  ],
]

/** Signs between words, never inside. */
const SIGNS = /[“”„‚‘’‹›–—…«»§°€£·•¿¡©®™½¼¾±×\u00a0،؛؟٪\u200c-\u200f№]/gu
const WORDS = /[\p{L}\p{M}]+/gu
const BEYOND = /[^\0-\x7f]/gu

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

export function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    // Streaming accepts a character cut at the end.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/** A possible encoding; `share` is the soundness of its text, from 0 to 1. */
interface Candidate extends Pick<FoundEncoding, 'encoding'> {
  text: string
  share: number
}

const isSpelled = (word: string): boolean => /^\p{Lu}?[^\p{Lu}]*$/u.test(word) || !/\p{Ll}/u.test(word)

/** The share of non-ASCII characters, without signs, that are in sound words. */
function soundness(text: string, isSound: (word: string) => boolean): number {
  const all = countOf(text, BEYOND) - countOf(text, SIGNS)
  let sound = 0
  for (const [word] of text.matchAll(WORDS)) {
    const beyond = countOf(word.replace(SIGNS, ''), BEYOND)
    if (beyond > 0 && isSound(word)) sound += beyond
  }
  // Signs alone are no evidence against an encoding.
  return all === 0 ? 1 : sound / all
}

/** Counts signs inside words: these are letters of another encoding. */
const tearsIn = (text: string): number => countOf(text, /[a-z][“”«»§°€£©®™½¼¾±×]+[a-z]|[a-z][„‚¿¡]/giu)

const ofLetters = (letters: string): ((word: string) => boolean) => {
  const known = new Set(letters + letters.toUpperCase())
  return (word) => isSpelled(word) && Array.from(word).every((sign) => sign < '\x80' || known.has(sign))
}

function candidate(
  bytes: Uint8Array,
  encoding: Encoding,
  sounds: readonly ((word: string) => boolean)[],
  telling?: RegExp,
): Candidate[] {
  const text = decoded(bytes, encoding)
  if (text === null || (telling && countOf(text, BEYOND) > LONG && !telling.test(text))) return []
  const torn = tearsIn(text) / Math.max(1, countOf(text, BEYOND))
  return [{ encoding, text, share: Math.max(...sounds.map((sound) => soundness(text, sound))) - torn }]
}

const candidates = (bytes: Uint8Array): Candidate[] => [
  ...latin.flatMap(([encoding, alphabets]) => candidate(bytes, encoding, alphabets.map(ofLetters))),
  ...others.flatMap(([encoding, word, telling]) =>
    candidate(bytes, encoding, [(one) => word.test(one)], telling),
  ),
]

/** An encoding with two bytes per character, recognized by its typical characters; null for others. */
function pairedEncoding(bytes: Uint8Array): FoundEncoding | null {
  for (const [encoding, script, least] of paired) {
    const text = decoded(bytes, encoding) ?? ''
    const beyond = countOf(text, BEYOND)
    if (beyond >= 4 && countOf(text, script) >= beyond * least) return { encoding, certain: beyond >= ENOUGH }
  }
  return null
}

/** Letters of a non-Latin alphabet: from ENOUGH on no coincidence, from LONG on all letters are expected. */
const [ENOUGH, LONG] = [8, 30]
/** Least share of sound letters, and least lead over the next encoding. */
const [SOUND, AHEAD] = [0.9, 0.15]

const isLatin = ({ encoding }: Candidate): boolean => latin.some(([one]) => one === encoding)

/** Whether another encoding gives words as good. Among Latin encodings, the Western one is the default. */
function hasRival(best: Candidate, all: readonly Candidate[]): boolean {
  const isWestern = best.encoding === 'windows-1252'
  return all.some(
    (one) => one.text !== best.text && one.share > best.share - AHEAD && !(isWestern && isLatin(one)),
  )
}

/** The encoding with the soundest words; certain if no other encoding comes close. */
export function legacyEncoding(bytes: Uint8Array): FoundEncoding {
  // The sort is stable: among equals the first one stays first.
  const all = candidates(bytes).sort((a, b) => b.share - a.share)
  const [best] = all
  const unsure: FoundEncoding = { encoding: 'windows-1252', certain: false }
  const isAlone = best !== undefined && best.share >= SOUND && !hasRival(best, all)
  if (isAlone && best.encoding === 'windows-1252') return { encoding: best.encoding, certain: true }
  if (bytes.filter((byte) => byte >= 0x80).length < ENOUGH) return unsure
  const pairs = pairedEncoding(bytes)
  if (isAlone) return { encoding: best.encoding, certain: pairs === null }
  return pairs ?? (best && best.share > 0.5 ? { encoding: best.encoding, certain: false } : unsure)
}
