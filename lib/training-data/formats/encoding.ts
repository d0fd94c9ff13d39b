import { z } from 'zod'
import { decoded, legacyEncoding } from './legacy-encoding.ts'

/** Text encodings that an import can decode, by their names in the Encoding Standard; UTF-32 is not in it. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
  'windows-1256',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'koi8-r',
  'macintosh',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
] as const
export const Encoding = z.enum(encodings)
export type Encoding = z.infer<typeof Encoding>

export const FoundEncoding = z.object({
  /** The most likely encoding. */
  encoding: Encoding,
  /** Whether a mark, valid UTF-8 or clear statistics prove it. */
  certain: z.boolean(),
})
export type FoundEncoding = z.infer<typeof FoundEncoding>

/** Bytes examined. */
const SAMPLED = 256 * 1024
/** Bytes examined for words, in text of a legacy encoding. */
const WORDS_SAMPLED = 32 * 1024

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte)

/** The encoding that a byte order mark names. */
function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8'
  // The mark of UTF-32 begins like that of UTF-16.
  if (startsWith(bytes, [0xff, 0xfe, 0, 0])) return 'utf-32le'
  if (startsWith(bytes, [0, 0, 0xfe, 0xff])) return 'utf-32be'
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  return startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : null
}

/** UTF-32 without a mark: of four bytes, the highest is always zero and the next nearly always. */
function utf32(bytes: Uint8Array): Encoding | null {
  const zeros = [0, 0, 0, 0]
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0) zeros[at & 3] = (zeros[at & 3] as number) + 1
  const characters = Math.floor(bytes.length / 4)
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros
  if (characters < 2 || Math.min(...zeros) > 0) return null
  if (fourth >= characters && third * 10 >= characters * 9) return 'utf-32le'
  return first >= characters && second * 10 >= characters * 9 ? 'utf-32be' : null
}

/** Characters that texts do not have: control, unassigned and private-use ones. */
const STRANGE = /[^\P{C}\t\r\n\u200c-\u200f\ufeff\u061c]/gu
/** UTF-16 without a mark: the byte order that gives a text with spaces and line ends. */
function utf16(bytes: Uint8Array): Encoding | null {
  if (!bytes.includes(0)) return null
  const [le, be] = (['utf-16le', 'utf-16be'] as const).map((encoding) => {
    const text = decoded(bytes, encoding)
    const strange = text?.match(STRANGE)?.length ?? 0
    return text !== null && text.length > 1 && strange * 100 <= text.length
      ? (text.match(/[\t\n\r -~]/g)?.length ?? 0) / text.length
      : 0
  })
  if (le === undefined || be === undefined || Math.max(le, be) < 0.025) return null
  return le > be ? 'utf-16le' : 'utf-16be'
}

/** UTF-16 or UTF-32 without a mark; null when it is neither. */
export const wideEncoding = (bytes: Uint8Array): Encoding | null => utf32(bytes) ?? utf16(bytes)

function isUtf8(bytes: Uint8Array): boolean {
  return decoded(bytes, 'utf-8') !== null
}

/** Whether more non-ASCII characters are valid UTF-8 than broken: then only single bytes are damaged. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  const beyond = new TextDecoder().decode(bytes).match(/[^\0-\x7f]/g) ?? []
  return beyond.filter((sign) => sign === '\ufffd').length * 2 < beyond.length
}

/**
 * The encoding of a text file, by its first bytes.
 * @param head may end anywhere, also inside a character
 */
export function encodingOf(head: Uint8Array): FoundEncoding {
  const bytes = head.subarray(0, SAMPLED)
  const known =
    markedEncoding(bytes) ?? wideEncoding(bytes) ?? (isUtf8(bytes) || mostlyUtf8(bytes) ? 'utf-8' : null)
  return known ? { encoding: known, certain: true } : legacyEncoding(bytes.subarray(0, WORDS_SAMPLED))
}
