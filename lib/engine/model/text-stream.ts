/** Converts tokens to text that is safe to show: whole characters only, and no part of a stop string. */

export interface TextStream<Tag> {
  /** Adds the bytes of the next token. @returns the text that is now final, token by token */
  push(bytes: Uint8Array, tag: Tag): Piece<Tag>[]
  /** Returns held text at the end of generation. An incomplete character is dropped. */
  flush(): Piece<Tag>[]
  /** A stop string was found: no more text is returned. */
  readonly stopped: boolean
}

export interface Piece<Tag> {
  text: string
  tag: Tag
}

export function createTextStream<Tag>(stops: readonly string[]): TextStream<Tag> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }) // buffers the bytes of an incomplete character
  const wanted = stops.filter((stop) => stop !== '')
  let held: Piece<Tag>[] = []
  let stopped = false

  /** Releases held tokens that end within the first `length` characters, and the part of the token cut there. */
  const release = (length: number, cut: boolean): Piece<Tag>[] => {
    const out: Piece<Tag>[] = []
    let left = length
    for (const piece of held) {
      if (piece.text.length > left) {
        if (cut && left > 0) out.push({ ...piece, text: piece.text.slice(0, left) })
        break
      }
      left -= piece.text.length
      out.push(piece)
    }
    held = cut ? [] : held.slice(out.length)
    return out
  }

  return {
    push(bytes, tag) {
      if (stopped) return []
      held.push({ text: decoder.decode(bytes, { stream: true }), tag })
      const text = held.map((piece) => piece.text).join('')
      const found = wanted.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
      stopped = found.length > 0
      return stopped
        ? release(Math.min(...found), true)
        : release(text.length - overhang(text, wanted), false)
    },
    flush: () => (stopped ? [] : release(Infinity, true)),
    get stopped() {
      return stopped
    },
  }
}

/** Length of the longest suffix of `text` that is a prefix of a stop string. */
function overhang(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}
