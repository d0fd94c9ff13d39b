/** JSON in source code: with comments, and assigned to a name. */

const [LF, SPACE, SLASH, STAR, HASH, BACKSLASH, SEMICOLON] = [0x0a, 0x20, 0x2f, 0x2a, 0x23, 0x5c, 0x3b]
const [QUOTE, APOSTROPHE] = [0x22, 0x27]
const [OPEN_LIST, OPEN_OBJECT] = [0x5b, 0x7b]

/** Brackets and commas: a comment may follow directly, a URL cannot. */
const STRUCTURE = new Set([OPEN_LIST, OPEN_OBJECT, 0x5d, 0x7d, 0x2c])

const isBlank = (byte: number): boolean => byte === SPACE || byte === 0x09 || byte === 0x0d || byte === LF

/** `data = [`, `export const rows = {`, `module.exports = [`. */
const GIVEN =
  /^\s*(?:export\s+default\s*|(?:export\s+)?(?:const|let|var)\s+[\w$]{1,60}(?:\s*:\s*[\w$<>[\], ]{1,60})?\s*=\s*|(?:module\.exports|[A-Za-z_$][\w$.]{0,60})\s*=\s*)(?=[[{])/

/** Replaces comments in a stream by spaces: every byte keeps its offset. */
export class Comments {
  /** Number of comments. */
  count = 0
  /** A string has a raw line break, so comments cannot be recognized: the text stays unchanged. */
  torn = false
  #kind: 'line' | 'block' | null = null
  /** The closing quote of the current string. */
  #quote = 0
  #escaped = false
  #lineStart = true
  #free = true
  #star = false
  #opening = false
  /** Still before the data, in `const rows =`. */
  #given: boolean
  /** A byte at the end of a chunk that may begin a comment. */
  #rest: Uint8Array = new Uint8Array(0)

  /** @param given the data is assigned to a name */
  constructor(given: boolean) {
    this.#given = given
  }

  push(chunk: Uint8Array, isLast = false): Uint8Array {
    const bytes = new Uint8Array(this.#rest.length + chunk.length)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.length)
    const held = !isLast && bytes.at(-1) === SLASH ? 1 : 0
    this.#rest = bytes.subarray(bytes.length - held).slice()
    const shown = bytes.subarray(0, bytes.length - held)
    for (let at = 0; at < shown.length; at++)
      if (this.#hides(shown[at] as number, bytes[at + 1])) shown[at] = SPACE
    return shown
  }

  /** Whether to replace this byte; line ends always stay. */
  #hides(byte: number, next: number | undefined): boolean {
    if (byte === LF) return this.#endLine()
    if (this.torn) return false
    if (this.#kind) return this.#inComment(byte)
    if (this.#quote) return this.#inText(byte)
    const isFree = this.#free
    this.#free = isBlank(byte) || STRUCTURE.has(byte)
    if (isFree && byte === SLASH && (next === SLASH || next === STAR))
      return this.#begin(next === SLASH ? 'line' : 'block')
    if (byte === HASH && this.#lineStart) return this.#begin('line')
    if (!isBlank(byte)) this.#lineStart = false
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#given = false
    if (this.#given) return true
    if (byte === QUOTE || byte === APOSTROPHE) this.#quote = byte
    return byte === SEMICOLON
  }

  /** Ends a line comment. */
  #endLine(): false {
    if (this.#kind === 'line') this.#kind = null
    if (this.#quote) this.torn = true
    this.#quote = 0
    this.#escaped = false
    this.#free = true
    this.#lineStart = true
    return false
  }

  #begin(kind: 'line' | 'block'): true {
    this.#kind = kind
    this.#star = false
    this.#opening = kind === 'block'
    this.count++
    return true
  }

  #inComment(byte: number): true {
    if (this.#kind === 'block' && this.#star && byte === SLASH) this.#kind = null
    // The star of `/*` does not close the comment too.
    this.#star = byte === STAR && !this.#opening
    this.#opening = false
    return true
  }

  #inText(byte: number): false {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === this.#quote) this.#quote = 0
    return false
  }
}

/** What code JSON is mixed with; null for plain JSON, and for other text. */
export function codeIn(head: Uint8Array): 'comments' | 'given' | null {
  const blanked = (given: boolean) => {
    const comments = new Comments(given)
    const shown = comments.push(head, true)
    return {
      count: comments.torn ? 0 : comments.count,
      text: new TextDecoder().decode(shown.subarray(0, LOOKED_AT)).trimStart(),
    }
  }
  const { count, text } = blanked(false)
  if (/^[[{]/.test(text)) return count > 0 ? 'comments' : null
  return GIVEN.test(text) ? 'given' : null
}
const LOOKED_AT = 4096

/** The bytes of a file without comments and assignment. */
export async function* withoutComments(
  chunks: AsyncIterable<Uint8Array>,
  comments: Comments,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield comments.push(chunk)
  yield comments.push(new Uint8Array(0), true)
}
