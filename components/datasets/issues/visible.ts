/** A half of a surrogate pair that stands for a byte, which no text could hold. */
const BYTE = /(?<![\ud800-\udbff])[\udc80-\udcff]/g
const UNSEEN = /[\r\u200b\u2060\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Signs that nobody would see, as they are written in code. */
const visible = (text: string): string =>
  text
    .replace(BYTE, (sign) => `\\x${(sign.charCodeAt(0) & 0xff).toString(16)}`)
    .replace(UNSEEN, (sign) => (sign === '\r' ? '\\r' : `\\u${sign.charCodeAt(0).toString(16)}`))

const LONGEST = 240
const MOST_LINES = 4

/** The beginning of an example, which may be as long as the rule that it breaks allows nobody to be. */
export function glimpse(text: string): string {
  // Lines of eight megabytes are cut before anything looks for signs in them.
  const [head, beyond] = [text.slice(0, MOST_LINES * LONGEST * 4), text.length > MOST_LINES * LONGEST * 4]
  const lines = head.split('\n')
  const shown = lines.slice(0, MOST_LINES).map((line) => {
    const seen = visible(line)
    return seen.length > LONGEST ? `${seen.slice(0, LONGEST)}…` : seen
  })
  return [...shown, ...(lines.length > MOST_LINES || (beyond && lines.length > 1) ? ['…'] : [])].join('\n')
}
