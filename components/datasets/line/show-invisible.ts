/** What steers or vanishes: controls other than tab and line feed, bidirectional marks, widths of nothing but joiners. */
export const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/** A character by its number: ⟨U+202E⟩ */
export const numberOf = (code: number): string => `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`

/** A token as it can be seen: a line break as its sign, what is unseen by its number, part of a character as a box. */
export const spelled = (text: string): string =>
  text === ''
    ? '▯'
    : text.replace(UNSEEN, (sign) => numberOf(sign.codePointAt(0) ?? 0)).replaceAll('\n', '↵\n')
