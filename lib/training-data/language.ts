import { Words } from './words.ts'

/** Words that are frequent in one language and rare in the others. */
const STOP_WORDS: Record<string, string> = {
  en: 'the and of to is that it you for are with this was be have not on as your can by from or an at which they',
  de: 'der die das und ist nicht ein eine mit den zu von sie ich für auf im sich auch dem wird oder wie bei aus',
  fr: 'le la les des est et un une pour dans que qui pas du au sur vous avec ce il sont ou plus par cette',
  es: 'el la los las de que y en un una es por para con no se del su más como pero o lo al son',
  it: 'il di che è la per un una non con sono del della gli le si come anche più questo i nel ma da dei',
  pt: 'o os as de que e do da em um uma para com não é se na no por mais como dos ao são você',
  nl: 'de het een en van is dat niet op te zijn voor met die ik je aan er ook maar wordt bij als om naar',
  sv: 'och att det som en är för på med av inte jag till den har de ett om kan eller från',
  pl: 'i w na nie się z to że jest do jak o dla ale po od przez są czy lub',
  tr: 've bir bu için ile da de çok ne olarak daha gibi kadar olan var mi en',
  id: 'yang dan di dengan untuk ini itu dari tidak pada dalam adalah atau ke akan',
}

const languages = Object.keys(STOP_WORDS)
/** Slots of a hash table of some three hundred words. */
const SLOTS = 1024
const keys = new Int32Array(SLOTS)
const ballots = new Int32Array(SLOTS)

/** Slot of a word's hash, or the empty slot for it. */
function slotOf(word: number): number {
  let slot = word & (SLOTS - 1)
  while (ballots[slot] !== 0 && keys[slot] !== word) slot = (slot + 1) & (SLOTS - 1)
  return slot
}

/** The languages that a word votes for, as bits. */
for (const [bit, language] of languages.entries()) {
  const words = new Words()
  words.add(STOP_WORDS[language] ?? '')
  for (const word of words.hashes.subarray(0, words.count)) {
    const slot = slotOf(word)
    keys[slot] = word
    ballots[slot] = (ballots[slot] as number) | (1 << bit)
  }
}

/** Words that vote, and characters that are counted: the beginning of a text is enough. */
const VOTERS = 50
const SIGNS = 500
const FEWEST_VOTES = 3
const FEWEST_SHARE = 0.12
/** The winner needs this many times the votes of the next language. */
const LEAD = 1.5

const polls = new Uint16Array(languages.length)

/** The language that the words from `from` on vote for. */
function latin({ hashes, count }: Words, from: number): string | null {
  const voters = Math.min(count - from, VOTERS)
  polls.fill(0)
  for (let at = from; at < from + voters; at++) {
    const bits = ballots[slotOf(hashes[at] as number)] as number
    for (let bit = 0; bits >> bit > 0; bit++) polls[bit] = (polls[bit] as number) + ((bits >> bit) & 1)
  }
  let [best, first, second] = [0, 0, 0]
  for (let bit = 0; bit < polls.length; bit++) {
    const poll = polls[bit] as number
    if (poll > first) [best, first, second] = [bit, poll, first]
    else if (poll > second) second = poll
  }
  const sure = first >= Math.max(FEWEST_VOTES, voters * FEWEST_SHARE) && first >= second * LEAD
  return sure ? (languages[best] ?? null) : null
}

/** Scripts of one language, or with the language that uses them most: language, first and last code. */
const SCRIPTS: readonly (readonly [string, number, number])[] = [
  ['el', 0x0370, 0x03ff],
  ['ru', 0x0400, 0x04ff],
  ['hy', 0x0530, 0x058f],
  ['he', 0x0590, 0x05ff],
  ['ar', 0x0600, 0x06ff],
  ['hi', 0x0900, 0x097f],
  ['bn', 0x0980, 0x09ff],
  ['ta', 0x0b80, 0x0bff],
  ['th', 0x0e00, 0x0e7f],
  ['ka', 0x10a0, 0x10ff],
  ['ja', 0x3041, 0x30ff],
  ['zh', 0x4e00, 0x9fff],
  ['ko', 0xac00, 0xd7af],
]

/** Letters that only a related language has. */
const SISTERS: Record<string, readonly (readonly [string, RegExp])[]> = {
  ar: [
    ['ur', /[\u0679\u0688\u0691\u06ba\u06d2]/],
    ['fa', /[\u067e\u0686\u0698\u06af]/],
  ],
  ru: [['uk', /[іїєґ]/i]],
}

const FEWEST_LETTERS = 8

/** The script (index + 1) of a UTF-16 unit by its high twelve bits: scripts begin and end at multiples of 16. */
const scriptOf = new Uint8Array(4096)
for (const [index, [, from, to]] of SCRIPTS.entries()) scriptOf.fill(index + 1, from >> 4, (to >> 4) + 1)

const KANA = SCRIPTS.findIndex(([language]) => language === 'ja') + 1
const HAN = SCRIPTS.findIndex(([language]) => language === 'zh') + 1
const counts = new Uint32Array(SCRIPTS.length + 1)

/** Counts the characters of each script; at index 0 those of none. */
function countScripts(text: string): void {
  counts.fill(0)
  const end = Math.min(text.length, SIGNS)
  for (let at = 0; at < end; at++) {
    const script = scriptOf[text.charCodeAt(at) >> 4] as number
    counts[script] = (counts[script] as number) + 1
  }
  // Japanese uses Chinese characters; Chinese has no kana.
  const [kana = 0, han = 0] = [counts[KANA], counts[HAN]]
  if (kana * 5 > han) counts[KANA] = kana + han
}

/** The language of the most frequent script; null for Latin, and for too few characters. */
function byScript(text: string): string | null {
  countScripts(text)
  let [script, most] = [0, 0]
  for (let index = 1; index < counts.length; index++) {
    const count = counts[index] as number
    if (count > most) [script, most] = [index, count]
  }
  // Spaces and digits have no script, so a third of all characters is most of the letters.
  if (most < FEWEST_LETTERS || most * 3 < Math.min(text.length, SIGNS)) return null
  const language = SCRIPTS[script - 1]?.[0] ?? ''
  const sister = SISTERS[language]?.find(([, sign]) => sign.test(text.slice(0, SIGNS)))
  return sister?.[0] ?? language
}

/**
 * The language of a text: by its script, and for some Latin languages by stop words.
 * @param words the text's words, from word `from` on
 * @returns ISO 639-1, or null when unsure: short texts, code, lists of names
 */
export const languageOf = (text: string, words: Words, from = 0): string | null =>
  (/[\u0370-\uffff]/.test(text) ? byScript(text) : null) ?? latin(words, from)
