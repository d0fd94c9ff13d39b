import { processWide } from '#lib/core/process-wide.ts'

/** Anything shaped like a secret: provider keys and bearer tokens. */
const SECRET = /\b(sk-[\w-]{6,}|Bearer\s+\S+|lk-[\w-]{6,})/g

const INSTEAD = '[secret]'

/** Every spelling of every key, the longest first: a shorter one may be a part of it. */
const hidden = processWide<{ spellings: Set<string> }>('hidden', () => ({ spellings: new Set() }))

/** A text as its bytes: one character each, so that text and bytes are searched in the same way. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** As it is, as JSON (also as JSON inside JSON inside JSON, as a gateway quotes what it got), and as an address. */
const spellingsOf = (secret: string): string[] => {
  const json = inJson(secret)
  return [secret, json, inJson(json), inJson(inJson(json)), encodeURIComponent(secret)]
}

/**
 * From now on nothing that leaves says `secret`, however it is spelled: a provider may repeat any key, and not every
 * key has a shape that gives it away.
 */
export function hide(secret: string): void {
  if (hidden.spellings.has(secret)) return
  const spellings = spellingsOf(secret).flatMap((spelling) => [spelling, asBytes(spelling)])
  hidden.spellings = new Set([...hidden.spellings, ...spellings].sort((a, b) => b.length - a.length))
}

/** A text without the keys of this installation; all else as it was. */
export function withoutKeys(text: string): string {
  let rest = text
  for (const key of hidden.spellings) if (rest.includes(key)) rest = rest.replaceAll(key, INSTEAD)
  return rest
}

/** Somebody else's words, safe to show: no secrets, no escape codes, at most `most` characters. */
export const scrub = (text: string, most = 600): string =>
  withoutKeys(text)
    .replace(SECRET, INSTEAD)
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .slice(0, most)

/** Characters at the end of a text with which a key may begin. */
function begun(text: string): number {
  const last = text.slice(-1)
  let longest = 0
  if (last === '') return longest
  for (const key of hidden.spellings) {
    let at = key.lastIndexOf(last, Math.min(key.length, text.length + 1) - 2)
    // Only where a key has the text's last character can it have been cut.
    for (; at >= longest; at = at === 0 ? -1 : key.lastIndexOf(last, at - 1))
      if (text.endsWith(key.slice(0, at + 1))) longest = at + 1
  }
  return longest
}

/** Text that comes in parts. */
export interface KeyFilter {
  /** @returns what can be told already: the beginning of a key waits for what follows */
  push(part: string): string
  /** What still waited when it ended. */
  rest(): string
}

/** `withoutKeys` for a text in parts, which may end in the middle of a key. */
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
