import { utf8 } from '../utf8.ts'

/** What a line may contain, as bits. Slow rules run only if their bit is set. */
export const Trace = {
  key: 1,
  email: 2,
  digits: 4,
  bidi: 8,
  /** `<` or `[` before a letter or a sign: a token, a tag. */
  mark: 16,
  /** `;` after a possible entity. */
  entity: 32,
  /** An escape that may have been a backslash, or a control character. */
  control: 64,
  /** A zero-width character, U+2028 or U+2029. */
  unseen: 128,
  /** A placeholder of a template or a spreadsheet. */
  blank: 256,
  /** UTF-8 bytes that were read as single characters. */
  misread: 512,
} as const

/** For a text that was not scanned. */
export const EVERY_TRACE = -1

/** Traces of secrets. */
export const SECRETS = Trace.key | Trace.email | Trace.digits

const letter = (sign: string) => sign.charCodeAt(0)
const [A, F, I, J, K, L, T, X] = Array.from('AfIJKLTx', letter) as number[]
const [LOWER_H, LOWER_K, LOWER_S, LOWER_Y] = Array.from('hksy', letter) as number[]
const [DASH, UNDERSCORE, AT, BACKSLASH, ZERO, TWO, SPACE] = Array.from('-_@\\02 ', letter) as number[]
const [LESS, OPEN_BRACKET, SEMICOLON, LOWER_N, LOWER_T, LOWER_R, LOWER_U] = Array.from(
  '<[;ntru',
  letter,
) as number[]
const [LOWER_B, CAPITAL_F, CAPITAL_T, QUESTION] = Array.from('bFT?', letter) as number[]
/** Second letters of commands whose first letter was read as an escape: `\nabla`, `\times`, `\rho`. */
const secondLetters: Readonly<Record<number, string>> = {
  [LOWER_N as number]: 'aeo',
  [LOWER_T as number]: 'iheafr',
  [LOWER_R as number]: 'hia',
}
/** Pairs of an escape and the next letter to check, as `escape << 8 | letter`. */
const commands = new Uint8Array(0x8000)
for (const [escaped, letters] of Object.entries(secondLetters))
  for (const each of letters) commands[(Number(escaped) << 8) | letter(each)] = 1

/** Fewest digits of a card or account number; spaces and dashes between them are allowed. */
const FEWEST_DIGITS = 10

const PLAIN = 0
const WORTH = 1
const DIGIT = 2
const BETWEEN = 3

/** Kind of every byte: most are plain, a few begin or end a possible trace. */
const kinds = new Uint8Array(256)
kinds.fill(DIGIT, 0x30, 0x3a)
const WORTHY = [
  DASH,
  UNDERSCORE,
  AT,
  BACKSLASH,
  J,
  A,
  L,
  CAPITAL_T,
  LESS,
  OPEN_BRACKET,
  SEMICOLON,
  QUESTION,
  0x7f,
  0xc2,
  0xc3,
  0xd8,
  0xe2,
  0xef,
  0xf3,
]
for (const code of WORTHY as number[]) kinds[code] = WORTH
kinds[SPACE as number] = BETWEEN

const EACH = 0x01010101
const DASHES = 0x2d2d2d2d

/**
 * Whether four bytes are lower-case letters, spaces and signs below `0` except the dash: most of any text. In ASCII
 * these have bit 5, and bit 4 only with bit 6; the test for a zero byte uses the borrow that it causes.
 */
function isPlainWord(word: number): boolean {
  if ((word & 0xa0a0a0a0) !== 0x20202020 || ((word >>> 4) & ~(word >>> 6) & EACH) !== 0) return false
  const dashes = word ^ DASHES
  return ((dashes - EACH) & ~dashes & 0x80808080) === 0
}

/** Scans every byte of a line's source, escapes included: each kind of trace has a rare character. */
export function tracesIn(text: string): number {
  const { bytes, words, length } = utf8(text)
  const wholeWords = length & ~3
  let found = hasBlank(text) ? Trace.blank : 0
  let digits = 0
  for (let at = 0; at < length; at++) {
    if ((at & 3) === 0 && at < wholeWords && isPlainWord(words[at >> 2] as number)) {
      digits = 0
      at += 3
      continue
    }
    const kind = kinds[bytes[at] as number]
    if (kind === PLAIN) digits = 0
    else if (kind === DIGIT) {
      if (++digits === FEWEST_DIGITS) found |= Trace.digits
    } else if (kind === WORTH) found |= traceAt(bytes, at, bytes[at] as number)
  }
  return found
}

/** Both are rare in text, so the search is fast. */
const hasBlank = (text: string): boolean => text.includes('#') || text.includes('{{')

function traceAt(bytes: Uint8Array, at: number, byte: number): number {
  const before = bytes[at - 1]
  const after = bytes[at + 1]
  if (byte === AT) return Trace.email
  // sk-…  xoxb-…  -----BEGIN
  if (byte === DASH) {
    const isKey = (before === LOWER_K && bytes[at - 2] === LOWER_S) || bytes[at - 2] === X
    return isKey || (before === DASH && after === 0x42) ? Trace.key : 0
  }
  // ghp_…  hf_…  github_pat_…
  if (byte === UNDERSCORE) return bytes[at - 2] === LOWER_H || before === F || before === T ? Trace.key : 0
  if (byte === J) return before === LOWER_Y ? Trace.key : 0
  if (byte === A) return after === K || after === I ? Trace.key : 0
  // Lorem ipsum, TODO
  if (byte === L) return after === 0x6f && bytes[at + 2] === 0x72 ? Trace.blank : 0
  if (byte === CAPITAL_T) return after === 0x4f && bytes[at + 2] === 0x44 ? Trace.blank : 0
  if (byte === LESS) return Trace.mark
  if (byte === OPEN_BRACKET) return opensWord(after as number) ? Trace.mark : 0
  if (byte === SEMICOLON) return endsEntity(bytes, at) ? Trace.entity : 0
  if (byte === 0xc3 || byte === 0xd8) return misreadAt(byte, after as number, bytes[at + 2] as number)
  if (byte === BACKSLASH) return escapeAt(bytes, at) | misreadEscape(bytes, at)
  if (byte === 0x7f) return Trace.control
  if (byte === 0xef) return markAt(after as number, bytes[at + 2] as number)
  // A soft hyphen; tag characters (U+E0000).
  if (byte === 0xc2) return after === 0xad ? Trace.unseen : 0
  if (byte === 0xf3) return after === 0xa0 ? Trace.unseen : 0
  if (byte === QUESTION) return before === QUESTION && after === QUESTION ? Trace.misread : 0
  return after === 0x80 || after === 0x81 ? signAt(after, bytes[at + 2] as number) : 0
}

/** The longest entity is `&#x10ffff;`. */
const LONGEST_ENTITY = 9

function endsEntity(bytes: Uint8Array, at: number): boolean {
  for (let back = 1; back <= LONGEST_ENTITY; back++) if (bytes[at - back] === 0x26) return true
  return false
}

/** Whether a letter or a slash follows: `[INST]`, `[insert answer]`. */
const opensWord = (code: number): boolean => code === 0x2f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)

function escapeAt(bytes: Uint8Array, at: number): number {
  const escaped = bytes[at + 1] as number
  if (escaped === LOWER_B || escaped === F) return Trace.control
  if (escaped === BACKSLASH) return bytes[at + 2] === LOWER_N || bytes[at + 2] === LOWER_U ? Trace.control : 0
  if (escaped !== LOWER_U)
    return commands[((escaped & 0x7f) << 8) | (bytes[at + 2] as number)] ? Trace.control : 0
  const [high, low] = [bytes[at + 2], bytes[at + 3]]
  if (high === TWO && low === 0x30) return Trace.bidi | Trace.unseen
  // Any ASCII character can have this escape.
  if (high === 0x30 && low === 0x30)
    return Trace.control | Trace.mark | Trace.entity | Trace.blank | Trace.unseen
  return high === F || high === CAPITAL_F ? Trace.unseen | Trace.misread : 0
}

/** U+FEFF and U+FFFD, by their second and third byte. */
const markAt = (second: number, third: number): number => {
  if (second === 0xbb) return third === 0xbf ? Trace.unseen : 0
  return second === 0xbf && third === 0xbd ? Trace.misread : 0
}

/** First bytes of the characters that follow in misread text. */
const follows = new Uint8Array(256)
for (const byte of [0xc2, 0xc5, 0xc6, 0xcb, 0xe2]) follows[byte] = 1

/** U+00C2 to U+00F4, or U+0637 and U+0638, and the next character: UTF-8 bytes that were read as characters. */
function misreadAt(byte: number, second: number, next: number): number {
  const begins = byte === 0xc3 ? second >= 0x82 && second <= 0xb4 : second === 0xb7 || second === 0xb8
  return begins && follows[next] === 1 ? Trace.misread : 0
}

/** The same as escapes: \u00c2 to \u00ff, \u0637 and \u0638. */
function misreadEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 0x75 || bytes[at + 2] !== ZERO) return 0
  const [second, third, fourth] = [bytes[at + 3], bytes[at + 4] as number, bytes[at + 5] as number]
  const isWestern = second === ZERO && (third | 0x20) >= 0x63 && (third | 0x20) <= 0x66
  const isArabic = second === 0x36 && third === 0x33 && (fourth === 0x37 || fourth === 0x38)
  return isWestern || isArabic ? Trace.misread : 0
}

/** U+202A to U+202E and U+2066 to U+2069; U+200B, U+2028, U+2029 and U+2060, by their second and third byte. */
const signAt = (second: number, third: number): number => {
  const turns = second === 0x80 ? third >= 0xaa && third <= 0xae : third >= 0xa6 && third <= 0xa9
  if (turns) return Trace.bidi
  const unseen = second === 0x80 ? third === 0x8b || third === 0xa8 || third === 0xa9 : third === 0xa0
  return unseen ? Trace.unseen : 0
}
