/** Invisible or formatting characters: controls other than tab and line feed, bidi marks, zero-width except joiners. */
export const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches them on purpose
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

/** Code point of a character: ⟨U+202E⟩ */
export const numberOf = (code: number): string => `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`

/**
 * A token made visible: a line break as a symbol, an invisible character as its code point, a partial character as a
 * box.
 */
export const spelled = (text: string): string =>
  text === ''
    ? '▯'
    : text.replace(UNSEEN, (sign) => numberOf(sign.codePointAt(0) ?? 0)).replaceAll('\n', '↵\n')
