/** Kinds of characters that the encodings' patterns distinguish; every character has exactly one. */
export const NEWLINE = 1 // \r \n
export const SPACE = 2 // all other \s, which is Unicode's White_Space and not JavaScript's \s
export const UPPER = 4 // \p{Lu} \p{Lt}
export const LOWER = 8 // \p{Ll}
export const LETTER = 16 // \p{Lm} \p{Lo}
export const MARK = 32 // \p{M}
export const NUMBER = 64 // \p{N}
export const OTHER = 128

const patterns: [kind: number, pattern: RegExp][] = [
  [NEWLINE, /^[\r\n]$/],
  [SPACE, /^\p{White_Space}$/u],
  [UPPER, /^[\p{Lu}\p{Lt}]$/u],
  [LOWER, /^\p{Ll}$/u],
  [LETTER, /^[\p{Lm}\p{Lo}]$/u],
  [MARK, /^\p{M}$/u],
  [NUMBER, /^\p{N}$/u],
  [OTHER, /^/],
]

/** Kind of every code point classified until now; 0 = not yet. */
const kinds = new Uint8Array(0x110000)

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint)
  const [kind] = patterns.find(([, pattern]) => pattern.test(character)) as [number, RegExp]
  kinds[codePoint] = kind
  return kind
}
for (let code = 0; code < 0x80; code++) classify(code)

/** Letters, marks and numbers that Unicode 17 added: in tiktoken, which has Unicode 16, they are unassigned. */
const tooNew =
  '88f c5c cdc 1acf-1add 1ae0-1aeb a7ce-a7cf a7d2 a7d4 a7f1 10940-10959 10ec5-10ec7 10efa-10efb 11b60-11b67 ' +
  '11db0-11ddb 11de0-11de9 16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18d09-18d1e 18d80-18df2 1e6c0-1e6de ' +
  '1e6e0-1e6f5 1e6fe-1e6ff 2b73a-2b73f 2cea2-2cead 323b0-33479'
for (const range of tooNew.split(' ')) {
  const [first, last = first] = range.split('-').map((code) => Number.parseInt(code, 16)) as [number, number?]
  kinds.fill(OTHER, first, last + 1)
}

// The bytes are well-formed UTF-8: they come from a TextEncoder.

/** Bytes of the character that begins with this byte. */
export const widthOf = (byte: number): number => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4)

function codePointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number
  const tail = (offset: number) => (bytes[at + offset] as number) & 0x3f
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | tail(1)
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (tail(1) << 6) | tail(2)
  return ((lead & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3)
}

/** Kind of the character that begins at `at`. */
export function kindAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number
  if (byte < 0x80) return kinds[byte] as number
  const codePoint = codePointAt(bytes, at)
  return (kinds[codePoint] as number) || classify(codePoint)
}

/** Where the character before `at` begins. */
export function before(bytes: Uint8Array, at: number): number {
  let start = at - 1
  while (((bytes[start] as number) & 0xc0) === 0x80) start--
  return start
}

/** The end of the run of characters of the `wanted` kinds (a bit mask) that begins at `at`. */
export function runOf(wanted: number, bytes: Uint8Array, at: number, end: number): number {
  let stop = at
  while (stop < end && kindAt(bytes, stop) & wanted) stop += widthOf(bytes[stop] as number)
  return stop
}
