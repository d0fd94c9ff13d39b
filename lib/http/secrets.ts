import { processWide } from '#lib/core/process-wide.ts'

/** Anything shaped like a secret: provider keys and bearer tokens. */
const SECRET = /\b(sk-[\w-]{6,}|Bearer\s+\S+|lk-[\w-]{6,})/g

const INSTEAD = '[secret]'

/** Every spelling of every key, longest first: a shorter one may be part of a longer one. */
const hidden = processWide<{ spellings: Set<string> }>('hidden', () => ({ spellings: new Set() }))

/** The UTF-8 bytes of a text, one character each: text and bytes can then be searched the same way. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Plain, as JSON (also JSON in JSON in JSON, as a proxy quotes an upstream body), and URL-encoded. */
const spellingsOf = (secret: string): string[] => {
  const json = inJson(secret)
  return [secret, json, inJson(json), inJson(inJson(json)), encodeURIComponent(secret)]
}

/**
 * Removes `secret`, in every spelling, from all later output: a provider may repeat any key, and not every key has a
 * recognisable shape.
 */
export function hide(secret: string): void {
  if (hidden.spellings.has(secret)) return
  const spellings = spellingsOf(secret).flatMap((spelling) => [spelling, asBytes(spelling)])
  hidden.spellings = new Set([...hidden.spellings, ...spellings].sort((a, b) => b.length - a.length))
}

/** A text without the keys of this installation, otherwise unchanged. */
export function withoutKeys(text: string): string {
  let rest = text
  for (const key of hidden.spellings) if (rest.includes(key)) rest = rest.replaceAll(key, INSTEAD)
  return rest
}

/** A provider's text made safe to show: no secrets, no escape codes, at most `most` characters. */
export const scrub = (text: string, most = 600): string =>
  withoutKeys(text)
    .replace(SECRET, INSTEAD)
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .slice(0, most)

/** Length of the longest end of a text that is the beginning of a key. */
function begun(text: string): number {
  const last = text.slice(-1)
  let longest = 0
  if (last === '') return longest
  for (const key of hidden.spellings) {
    let at = key.lastIndexOf(last, Math.min(key.length, text.length + 1) - 2)
    // Only a position where a key has the text's last character can be the cut.
    for (; at >= longest; at = at === 0 ? -1 : key.lastIndexOf(last, at - 1))
      if (text.endsWith(key.slice(0, at + 1))) longest = at + 1
  }
  return longest
}

/** Removes keys from text that arrives in parts. */
export interface KeyFilter {
  /** @returns text that is safe to pass on; a possible beginning of a key is held back */
  push(part: string): string
  /** Text still held back at the end. */
  rest(): string
}

/** `withoutKeys` for text in parts: a part may end in the middle of a key. */
export function keyFilter(): KeyFilter {
  let waiting = ''
  return {
    push(part) {
      const text = withoutKeys(waiting + part)
      const end = text.length - begun(text)
      waiting = text.slice(end)
      return text.slice(0, end)
    },
    rest: () => waiting,
  }
}
