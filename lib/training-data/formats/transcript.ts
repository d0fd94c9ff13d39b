import { type TalkStyle, talkStyles } from './plan.ts'
import { sideOf } from './turns.ts'

/** A chat as plain text or Markdown: lines that begin with the speaker. */

/** Speaker, first words and day of a line that begins a turn; null for other lines. */
type Opening = (line: string) => { speaker: string; words: string; day: string | null } | null

/** The date and time that programs write before a message, and the rest of the line. */
const DATED =
  /^[\u200e\ufeff]*\[?(\d{1,4}[./-]\d{1,2}[./-]\d{1,4}),? {1,3}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?\]?(?: [-–|])? (.*)$/

/** A message with its date. A date without a name is a notice of the program. */
function dated(line: string): ReturnType<Opening> {
  const [, day = '', rest = ''] = DATED.exec(line) ?? []
  const colon = rest.indexOf(':')
  if (colon < 1 || colon > MOST_NAME) return null
  const speaker = rest.slice(0, colon).replace(/^[~\u200e\u202a\s]+/, '')
  return { speaker, words: rest.slice(colon + 1).trimStart(), day }
}
const MOST_NAME = 60

const ofPattern =
  (pattern: RegExp, isSpeaker: (name: string) => boolean): Opening =>
  (line) => {
    const [, name = '', words = ''] = pattern.exec(line) ?? []
    const speaker = name.trim()
    return speaker !== '' && isSpeaker(speaker) ? { speaker, words, day: null } : null
  }

const isKnown = (name: string): boolean => sideOf(name) !== null

/** The markers of a chat template at the beginning of lines. */
const MARKED =
  /^(?:<bos>|<s>|<\|begin_of_text\|>)?(?:<\|im_start\|>|<start_of_turn>|<\|start_header_id\|>)(\w{1,20})(?:<\|end_header_id\|>)?[ \t]*(.*)$/
const MARK_ENDS = /(?:<\|im_end\|>|<end_of_turn>|<\|eot_id\|>|<eos>|<\|endoftext\|>)\s*$/

/** How texts mark speakers. */
const styles = {
  dated,
  bold: ofPattern(/^(?:[-*>] )?\*\*([^*:\n]{1,40}):?\*\*:?[ \t]*(.*)$/, isKnown),
  heading: ofPattern(
    /^#{1,6}[ \t]{1,4}[^\p{L}\n]{0,4}([\p{L} ]{1,40}?)(?: said)?[ \t]{0,4}:?(?:[ \t]{0,4}$|(?<=:)[ \t]{0,4}(.*)$)/u,
    isKnown,
  ),
  marked: ofPattern(MARKED, isKnown),
  named: ofPattern(/^(?:> )?([\p{L}][\p{L} ]{0,30}?)(?: said)?:[ \t]*(.*)$/u, isKnown),
} satisfies Record<TalkStyle, Opening>

/** A turn of the text, as a record for the shape `chat-log`. */
export interface SpokenRecord {
  /** Null for text before the first turn. */
  speaker: string | null
  text: string
  /** Its conversation: a day, or a part between breaks. */
  conversation: string
}

export interface SpokenLines {
  record: SpokenRecord
  /** Lines of the file, from 1. */
  from: number
  to: number
}

const BREAK = /^[ \t]*(?:-{3,}|\*{3,}|={3,}|_{3,})[ \t]*$/

/** Splits a chat into its turns, line by line. */
export class Transcript {
  /** Number of the program's own lines, such as "… joined". */
  notices = 0
  readonly #open: Opening
  readonly #dated: boolean
  #conversation = 1
  #day: string | null = null
  #held: { speaker: string | null; words: string[]; from: number; to: number } | null = null
  /** Break lines that separate two turns, or belong to the turn before. */
  #breaks: string[] = []
  /** A break between a question and its answer was found: breaks separate turns here, not conversations. */
  #decorated = false

  constructor(style: TalkStyle) {
    this.#open = styles[style]
    this.#dated = style === 'dated'
  }

  /** @returns the turn that this line ends */
  add(line: string, number: number): SpokenLines | null {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    const opening = this.#open(text)
    if (!opening) return this.#goOn(text, number)
    const ended = this.finish()
    this.#begin(opening.speaker, opening.day)
    const { speaker, words } = opening
    this.#held = { speaker, words: words === '' ? [] : [words], from: number, to: number }
    return ended
  }

  finish(): SpokenLines | null {
    const held = this.#held
    this.#held = null
    if (!held) return null
    const { speaker, from, to } = held
    const text = held.words.join('\n').trim().replace(MARK_ENDS, '').trim()
    const conversation = this.#day === null ? String(this.#conversation) : this.#day
    return { record: { speaker, text, conversation }, from, to }
  }

  #begin(speaker: string, day: string | null): void {
    this.#day = day
    if (this.#breaks.length > 0 || sideOf(speaker) === 'system') {
      if (sideOf(speaker) === 'assistant') this.#decorated = true
      else if (!this.#decorated || sideOf(speaker) === 'system') this.#conversation++
    }
    this.#breaks = []
  }

  #goOn(text: string, number: number): null {
    if (this.#dated && DATED.test(text)) {
      this.notices++
      return null
    }
    if (!this.#dated && BREAK.test(text)) this.#breaks.push(text)
    else if (text.trim() !== '' || this.#held) this.#say(text, number)
    return null
  }

  #say(text: string, number: number): void {
    this.#held ??= { speaker: null, words: [], from: number, to: number }
    this.#held.to = number
    if (text.trim() === '' && this.#breaks.length > 0) this.#breaks.push(text)
    // A break without a turn after it is part of the text.
    else this.#held.words.push(...this.#breaks.splice(0), text)
  }
}

/** Fewest turns of a chat. */
const FEWEST = 2

/** How this text marks speakers; null if it is not a chat. */
export function talkStyleOf(text: string): TalkStyle | null {
  const lines = text.split('\n', 2_000).map((line) => line.replace(/\r$/, ''))
  const counted = talkStyles.map((style) => {
    const speakers = lines.flatMap((line) => styles[style](line)?.speaker ?? [])
    const isChat = style === 'dated' ? new Set(speakers).size > 1 : hasBothSides(speakers)
    return { style, turns: isChat ? speakers.length : 0 }
  })
  const best = counted.reduce((most, one) => (one.turns > most.turns ? one : most))
  return best.turns >= FEWEST ? best.style : null
}

const hasBothSides = (speakers: readonly string[]): boolean =>
  speakers.some((speaker) => sideOf(speaker) === 'user') &&
  speakers.some((speaker) => sideOf(speaker) === 'assistant')
