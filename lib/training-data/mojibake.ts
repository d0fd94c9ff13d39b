/** A UTF-8 text that a program decoded with another encoding and saved. */
export interface Misread {
  /** The corrected text. */
  text: string
  /** A piece of the text, and the same piece corrected. */
  before: string
  after: string
}

type Bytes = ReadonlyMap<string, number>

/** The byte of each character beyond ASCII. */
function bytesOf(encoding: string): Bytes {
  const decoder = new TextDecoder(encoding)
  const upper = Array.from({ length: 128 }, (_, at) => at + 128)
  return new Map(upper.map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
}

/** Bytes below 0xA0 become control characters in Latin-1, and signs in Windows-1252. */
const western: Bytes = new Map([
  ...Array.from({ length: 128 }, (_, at): [string, number] => [String.fromCharCode(at + 128), at + 128]),
  ...bytesOf('windows-1252'),
])
const arabic = bytesOf('windows-1256')

/** Bytes of signs that also follow a letter in correct texts: quotes, dashes, points, spaces. */
const WEAK = new Set([0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xa0, 0xab, 0xb7, 0xbb])
/** First bytes of the characters misread most often: accents, quotes, emoji. One of them is enough. */
const SURE = new Set([0xc2, 0xc3, 0xe2, 0xf0])

/** Length of the UTF-8 sequence that a byte begins; 0 for a byte that begins none. */
const lengthOf = (byte: number): number =>
  byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
const LEAST = [0, 0, 0x80, 0x800, 0x10000] as const

interface Found {
  text: string
  /** Characters that are misread bytes, the characters they encode, and all others beyond ASCII. */
  covered: number
  made: number
  others: number
  sure: boolean
  strong: number
  /** How many directly follow another one. */
  beside: number
  /** Index of the first one. */
  first: number
}

/** The character whose bytes begin at `at`; null when they are not UTF-8. */
function characterAt(
  text: string,
  at: number,
  page: Bytes,
): { sign: string; length: number; weak: boolean } | null {
  const lead = page.get(text[at] ?? '') ?? 0
  const length = lengthOf(lead)
  if (length === 0) return null
  let code = lead & (0x7f >> length)
  let byte = lead
  for (let next = 1; next < length; next++) {
    byte = page.get(text[at + next] ?? '') ?? 0
    if (byte < 0x80 || byte > 0xbf) return null
    code = (code << 6) | (byte & 0x3f)
  }
  const isCharacter =
    code >= (LEAST[length] ?? 0) && code >= 0x80 && (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff
  return isCharacter
    ? { sign: String.fromCodePoint(code), length, weak: length === 2 && WEAK.has(byte) }
    : null
}

function decoded(text: string, page: Bytes): Found {
  const found: Found = {
    text: '',
    covered: 0,
    made: 0,
    others: 0,
    sure: false,
    strong: 0,
    beside: 0,
    first: -1,
  }
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x80) continue
    const character = characterAt(text, at, page)
    if (!character) {
      found.others++
      continue
    }
    const { sign, length, weak } = character
    if (found.first === -1) found.first = at
    else if (from === at) found.beside++
    found.text += text.slice(from, at) + sign
    found.covered += length
    found.made++
    if (!weak) found.strong++
    found.sure ||= SURE.has(page.get(text[at] ?? '') ?? 0)
    at += length - 1
    from = at + 1
  }
  found.text += text.slice(from)
  return found
}

/** Correct Western texts almost never have such characters side by side. */
const isWestern = ({ covered, others, beside, strong, sure }: Found): boolean =>
  strong > 0 && covered >= others && (beside > 0 || sure)
/** Correct Arabic texts do, so nearly all of the text must be misread. */
const isArabic = ({ covered, others, made }: Found): boolean => made >= 4 && covered >= others * 4

function once(text: string): Found | null {
  const read = decoded(text, western)
  if (isWestern(read)) return read
  const other = decoded(text, arabic)
  return isArabic(other) ? other : null
}

/** Some texts were misread more than once. */
const ROUNDS = 3
/** Characters shown of a misread text. */
const SHOWN = 24

/** The corrected text if it was misread; null for a correct text. */
export function misread(text: string): Misread | null {
  const first = once(text)
  if (!first) return null
  let read = first.text
  for (let round = 1; round < ROUNDS; round++) read = once(read)?.text ?? read
  const start = Math.max(0, first.first - SHOWN / 3)
  return { text: read, before: text.slice(start, start + SHOWN), after: read.slice(start, start + SHOWN) }
}
