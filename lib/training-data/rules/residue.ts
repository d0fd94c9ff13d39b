/**
 * What tools, web pages or templates leave in a text: finds it, and removes it.
 * All expressions take time linear in the text.
 */

/** Special tokens of tokenizers and chat templates, and all in OpenAI's form. */
const SPECIAL =
  /<\|[A-Za-z0-9_ -]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>|<\/?s>|\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>/g
/** Special tokens that name the role. */
const MARKER =
  /^(?:<\|(?:im_|start_header|end_header|eot|eom|user|assistant|system|tool)|<｜(?:User|Assistant)|\[|<<|<(?:start|end)_of)/
/** Special tokens that open a turn. */
const OPENER = /<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|\[INST\]/g
/** An opening marker with its role. */
const OPENED =
  /<\|im_start\|>(?:(?:system|user|assistant|tool)\b\n?)?|<\|start_header_id\|>(?:(?:system|user|assistant|tool)\b)?(?:<\|end_header_id\|>\n{0,2})?|<start_of_turn>(?:(?:user|model)\b\n?)?/g

export interface Special {
  token: string
  /** `reserved`: OpenAI rejects it; `marker`: names the role. */
  what: 'reserved' | 'marker' | 'token'
  /** The text has several turns, which removing the markers would join. */
  several: boolean
}

/** The first special token of a text. */
export function findSpecial(text: string): Special | null {
  const token = text.match(SPECIAL)?.[0]
  if (token === undefined) return null
  const what = MARKER.test(token) ? 'marker' : token.startsWith('<|') ? 'reserved' : 'token'
  return { token, what, several: (text.match(OPENER)?.length ?? 0) > 1 }
}

/** Whether OpenAI rejects a file with this token. */
export const isReserved = (token: string): boolean => token.startsWith('<|')

export function withoutSpecials(text: string): string {
  const bare = text.replace(OPENED, '').replace(SPECIAL, '')
  return bare === text ? text : bare.trim()
}

/** A LaTeX command or Windows path whose backslash was read as an escape: `\frac` is a form feed and "rac". */
const EATEN =
  /[\b\f](?=[a-z])|\t(?=imes\b|heta\b|ext(?:bf|it|rm|tt|sc)?\{|au\b|frac\{|herefore\b|ilde\{|riangle\b)|\n(?=abla\b|eq\b|ewline\b|otin\b|ewcommand\b)|\r(?=ho\b|ight\b|ightarrow\b|angle\b)/g
const PATH = /(?<![A-Za-z])[A-Za-z]:[\t\n\r\b\f][a-z0-9_.-]{1,60}[\t\r\b\f][\w.\t\n\r\b\f-]{0,200}/g
/** Control characters except tab, line feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule searches for them
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/

const letters: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
const spelled = (text: string): string => text.replace(/[\b\f\n\r\t]/g, (sign) => letters[sign] ?? sign)

/** The first place where a backslash was probably meant, and the text with it. */
export function findEaten(text: string): { at: number; meant: string } | null {
  const fixed = withBackslashes(text)
  if (fixed === text) return null
  let at = 0
  while (text[at] === fixed[at]) at++
  return { at, meant: fixed.slice(at).match(/^\\[\w\\.-]{1,30}/)?.[0] ?? '\\' }
}

export const withBackslashes = (text: string): string =>
  text.replace(PATH, (path) => spelled(path)).replace(EATEN, spelled)

/** A line break spelled out as `\n`, from text that was JSON-encoded twice. */
const SPELLED_BREAK = /\\n(?:\\[nt]|[A-Z0-9*#•\s-]|$)/
/** Escapes of whole characters: no lone surrogate, no control character, and no backslash. */
const SPELLED_SIGN =
  /\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?!00[01]|005[cC]|[dD][89a-fA-F])[0-9a-fA-F]{4})/
/** All spelled-out escapes, except LaTeX commands that begin alike. */
const SPELLED =
  /\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?!00[01]|005[cC]|[dD][89a-fA-F])[0-9a-fA-F]{4})|\\r\\n|\\n(?!abla|eq|ewline|otin|ewcommand|u\b|i\b)|\\t(?!imes|heta|ext|au\b|frac|herefore|ilde|riangle|op\b|o\b)/g

/** Escapes meant as characters, in a text of one line (trimmed) without code and paths. */
export function findSpelled(text: string): string | null {
  if (text.includes('`') || text.trim().includes('\n') || /(?<![A-Za-z])[A-Za-z]:\\/.test(text)) return null
  return (SPELLED_BREAK.exec(text) ?? SPELLED_SIGN.exec(text))?.[0].slice(0, 2) ?? null
}

/** The text with its spelled-out characters decoded. */
export const withSigns = (text: string): string =>
  findSpelled(text) === null
    ? text
    : text.replace(SPELLED, (sign) => (sign === '\\r\\n' ? '\n' : (JSON.parse(`"${sign}"`) as string)))

/** The first unwanted control character, as U+000C. */
export function findControl(text: string): string | null {
  const found = CONTROL.exec(text)?.[0]
  return found === undefined ? null : codeOf(found)
}

export const codeOf = (sign: string): string =>
  `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/**
 * Zero-width characters except joiners, soft hyphens, tag characters (U+E0000), and U+2028 and U+2029, which most
 * programs do not treat as line ends. Tag characters after a black flag are an emoji.
 */
const UNSEEN =
  /(\ud83c\udff4(?:\udb40[\udc20-\udc7f]){1,8})|\udb40[\udc01-\udc7f]|[\u200b\u2060\ufeff\u2028\u2029\u00ad]/g

/** A replacement character, or question marks in place of whole words. */
const LOST = /\ufffd|\?{3,}(?:[\s,.]{1,3}\?{2,}){2}/

/** The first place where characters were lost in saving or decoding. */
export const findLost = (text: string): string | null => LOST.exec(text)?.[0] ?? null

export const findUnseen = (text: string): string[] | null => {
  const found = [...text.matchAll(UNSEEN)].filter(([, flag]) => flag === undefined).map(([sign]) => sign)
  return found.length > 0 ? found : null
}
export const withoutUnseen = (text: string): string =>
  text.replace(UNSEEN, (sign, flag?: string) =>
    flag !== undefined ? flag : sign === '\u2028' || sign === '\u2029' ? '\n' : '',
  )

const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9A-Fa-f]{1,5});/
const ENTITIES = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,6})|#x([0-9A-Fa-f]{1,5}));/g
const TAG = /<\/?(?:p|br|div|span|ul|ol|li|table|tr|td|th|font|strong|em|h[1-6])(?:\s[^<>]{0,300})?\/?>/i
const TAGS = /<(\/?)(p|br|div|span|ul|ol|li|table|tr|td|th|font|strong|em|h[1-6])(?:\s[^<>]{0,300})?\/?>/gi
/** Tags that become a line break. */
const ENDS = /^(?:br|\/(?:p|div|ul|ol|li|tr|table|h[1-6]))$/i

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** The first entity or tag of a text without code. */
export function findHtml(text: string): string | null {
  if (text.includes('`') || /<(?:!DOCTYPE|html|script|style)\b/i.test(text)) return null
  const [entity, tag] = [ENTITY.exec(text), TAG.exec(text)]
  const first = entity && tag ? (entity.index < tag.index ? entity : tag) : (entity ?? tag)
  return first?.[0] ?? null
}

const character = (code: number, entity: string): string =>
  code > 0x1f && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : entity

/** The text as a browser displays it. */
export function withoutHtml(text: string): string {
  const bare = text
    .replace(TAGS, (_, close: string, name: string) => (ENDS.test(close + name) ? '\n' : ''))
    .replace(ENTITIES, (entity, name?: string, decimal?: string, hex?: string) =>
      name === undefined
        ? character(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal), entity)
        : (named[name] ?? entity),
    )
  if (bare === text) return text
  const lines = bare.split('\n').map((line) => line.trim())
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim()
}

const SHEET = /#(?:REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!)/
const BLANK = /\{\{\s?[A-Za-z_][\w. ]{0,40}\}\}/
const INSERT = /\[(?:insert|your|add|enter)\s[^\]\n]{1,60}\](?!\()|<(?:insert|your)\s[^<>\n]{1,60}>/i
const LOREM = /Lorem ipsum/
const TODO = /^\s{0,20}TODO\b/
/** Placeholder of an image, sound or video. */
const MEDIA = /<(?:image|audio|video)(?:_pad)?>/
/** A text that is only a program's word for an empty value, or a line. */
const NOTHING = /^(?:nan|none|null|undefined|n\/a|<na>|tbd|tba|todo|\[object Object\]|[-–—_.…]{1,20})$/i
const LONGEST_NOTHING = 20

/** The trimmed text, if it means nothing. */
export const findNothing = (text: string): string | null =>
  text.length <= LONGEST_NOTHING ? (NOTHING.exec(text.trim())?.[0] ?? null) : null

/** The placeholder of missing media. */
export const findMedia = (text: string): string | null => MEDIA.exec(text)?.[0] ?? null

/** A placeholder that nobody filled in. */
export function findPlaceholder(text: string): string | null {
  if (text.includes('#')) {
    const cell = SHEET.exec(text)
    if (cell) return cell[0]
  }
  const blank = text.includes('{{') && !text.includes('`') ? BLANK.exec(text) : null
  if (blank) return blank[0]
  const insert = text.includes('[') || text.includes('<') ? INSERT.exec(text) : null
  if (insert) return insert[0]
  const lorem = text.includes('Lorem') ? LOREM.exec(text) : null
  return lorem?.[0] ?? TODO.exec(text)?.[0].trim() ?? null
}
