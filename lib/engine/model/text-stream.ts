/** Turns tokens into text as it may be shown: whole characters only, and nothing of a stop string. */

export interface TextStream<Tag> {
  /** Takes the bytes of the next token. @returns what is now certain, token by token */
  push(bytes: Uint8Array, tag: Tag): Piece<Tag>[]
  /** What was held back when no more tokens come. Half a character is dropped. */
  flush(): Piece<Tag>[]
  /** A stop string was met: nothing more will be returned. */
  readonly stopped: boolean
}

export interface Piece<Tag> {
  text: string
  tag: Tag
}

export function createTextStream<Tag>(stops: readonly string[]): TextStream<Tag> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }) // keeps the bytes of an unfinished character
  const wanted = stops.filter((stop) => stop !== '')
  let held: Piece<Tag>[] = []
  let stopped = false

  /** Gives away held tokens that end within the first `length` characters, and the part of one that is cut there. */
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

/** Length of the longest end of `text` with which a stop string could begin. */
function overhang(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}
