/** A lone low surrogate that stands for a byte which is not valid text. */
const BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/g
const UNSEEN = /[\r\u200b\u2060\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** The text with invisible characters replaced by their escape sequences. */
const visible = (text: string): string =>
  text
    .replace(BYTE, (sign) => `\\x${(sign.charCodeAt(0) & 0xff).toString(16)}`)
    .replace(UNSEEN, (sign) => (sign === '\r' ? '\\r' : `\\u${sign.charCodeAt(0).toString(16)}`))

const LONGEST = 240
const MOST_LINES = 4

/** The beginning of an example; an example of a length rule may be very long. */
export function glimpse(text: string): string {
  // Cut lines of several megabytes before scanning them for invisible characters.
  const [head, beyond] = [text.slice(0, MOST_LINES * LONGEST * 4), text.length > MOST_LINES * LONGEST * 4]
  const lines = head.split('\n')
  const shown = lines.slice(0, MOST_LINES).map((line) => {
    const seen = visible(line)
    return seen.length > LONGEST ? `${seen.slice(0, LONGEST)}…` : seen
  })
  return [...shown, ...(lines.length > MOST_LINES || (beyond && lines.length > 1) ? ['…'] : [])].join('\n')
}
