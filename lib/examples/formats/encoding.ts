/** Text encodings that an import can decode, by their names in the Encoding Standard. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1256',
  'windows-1252',
  'windows-1251',
  'gb18030',
  'shift_jis',
] as const
export type Encoding = (typeof encodings)[number]

export interface FoundEncoding {
  /** The most likely one. */
  encoding: Encoding
  /** Whether a mark, strict UTF-8 or clear statistics tell it. */
  certain: boolean
}

/** Bytes that are looked at. */
const SAMPLED = 256 * 1024

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte)

/** The encoding that a byte order mark names. */
function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8'
  // Four bytes of UTF-32 begin like UTF-16.
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return null
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  return startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : null
}

/** UTF-16 without a mark: the high bytes of ASCII characters are zero, and no low byte is. */
function utf16(bytes: Uint8Array): Encoding | null {
  const zeros = [0, 0]
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1
  const [even = 0, odd = 0] = zeros
  const many = bytes.length / 40
  if (odd > many && even * 20 < odd) return 'utf-16le'
  return even > many && odd * 20 < even ? 'utf-16be' : null
}

function isUtf8(bytes: Uint8Array): boolean {
  return decoded(bytes, 'utf-8') !== null
}

/** Whether more characters beyond ASCII are whole in UTF-8 than broken: then single bytes are the fault. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  const beyond = new TextDecoder().decode(bytes).match(/[^\0-\x7f]/g) ?? []
  return beyond.filter((sign) => sign === '\ufffd').length * 2 < beyond.length
}

const isAsciiLetter = (byte = 0): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a && byte < 0x80
/** Letters beyond ASCII in a row that Western words do not have. */
const WORD = 3
/** Quotes, dashes and signs that Western texts have between their letters. */
const WESTERN_SIGNS = new Set([
  0x80, 0x85, 0xa0, 0xa1, 0xa3, 0xa7, 0xa9, 0xab, 0xae, 0xb0, 0xb4, 0xb7, 0xba, 0xbb, 0xbf,
])
const isWesternSign = (byte: number): boolean => (byte >= 0x91 && byte <= 0x99) || WESTERN_SIGNS.has(byte)

/** Letters of French among those of Windows-1256, which no Arabic word has. */
const FRENCH = new Set([0xe0, 0xe2, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xee, 0xef, 0xf4, 0xf9, 0xfb, 0xfc])

function isArabic(bytes: Uint8Array): boolean {
  const letters = bytes.filter((byte) => byte >= 0xc0)
  return letters.filter((byte) => FRENCH.has(byte)).length * 8 < letters.length
}

/** Scripts that the pairs of bytes of an encoding are mostly of, where it is that encoding. */
const scripts: readonly (readonly [Encoding, RegExp])[] = [
  ['shift_jis', /[\u3041-\u30fa]/g],
  ['gb18030', /[\u4e00-\u9fff，。？！、：；“”（）]/g],
]
/** Of all characters beyond ASCII: kana between ideographs, and common ideographs. */
const FEWEST: Partial<Record<Encoding, number>> = { shift_jis: 0.3, gb18030: 0.9 }

/** An encoding of two bytes a character, by what its decoder makes of the bytes; null when none fits. */
function paired(bytes: Uint8Array): FoundEncoding | null {
  for (const [encoding, script] of scripts) {
    const text = decoded(bytes, encoding)
    const beyond = text?.match(/[^\0-\x7f]/gu)?.length ?? 0
    const known = text?.match(script)?.length ?? 0
    if (beyond >= 4 && known >= beyond * (FEWEST[encoding] ?? 1) && !isAlone(bytes))
      return { encoding, certain: beyond >= 8 }
  }
  return null
}

/** Whether most bytes beyond ASCII stand between letters of ASCII, as accented ones of Western words do. */
function isAlone(bytes: Uint8Array): boolean {
  let [high, alone] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) < 0x80) continue
    high++
    if ((bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) alone++
  }
  return alone * 2 > high
}

function decoded(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    // Streaming lets the end cut a character.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/**
 * One of the Windows encodings, or one of two bytes a character. Letters of Arabic stand beside each other; the accented ones of Western languages
 * stand alone among ASCII letters.
 */
function singleByte(bytes: Uint8Array): FoundEncoding {
  let [high, inWords, western, run] = [0, 0, 0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    run = byte >= 0xc0 ? run + 1 : 0
    if (run >= WORD) inWords += run === WORD ? WORD : 1
    if (byte < 0x80) continue
    high++
    if (byte >= 0xc0 ? isAsciiLetter(bytes[at - 1]) || isAsciiLetter(bytes[at + 1]) : isWesternSign(byte))
      western++
  }
  if (inWords * 2 > high && isArabic(bytes)) return { encoding: 'windows-1256', certain: high >= 8 }
  const pairs = paired(bytes)
  if (pairs) return pairs
  if (inWords * 2 > high) return { encoding: 'windows-1251', certain: false }
  return { encoding: 'windows-1252', certain: western * 5 >= high * 4 }
}

/**
 * How the text of a file is encoded, as far as its first bytes tell.
 * @param head cut off anywhere
 */
export function encodingOf(head: Uint8Array): FoundEncoding {
  const bytes = head.subarray(0, SAMPLED)
  const known = markedEncoding(bytes) ?? utf16(bytes) ?? (isUtf8(bytes) || mostlyUtf8(bytes) ? 'utf-8' : null)
  return known ? { encoding: known, certain: true } : singleByte(bytes)
}
