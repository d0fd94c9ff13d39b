import { isRecord } from '../is-record.ts'
import type { Path } from '../issue.ts'
import { misread } from '../mojibake.ts'
import {
  codeOf,
  findControl,
  findEaten,
  findHtml,
  findLost,
  findMedia,
  findNothing,
  findPlaceholder,
  findSpecial,
  findSpelled,
  findUnseen,
  isReserved,
} from './residue.ts'
import { isAssistant, type LooseMessage, type MessageRule, shown, type Tell, withFix } from './rule.ts'
import { findSecret } from './secrets.ts'
import { SECRETS, Trace } from './traces.ts'

/** Visits every text of a message with its path. */
function eachText({ content }: LooseMessage, path: Path, visit: (text: string, path: Path) => void): void {
  if (typeof content === 'string') visit(content, path)
  else if (Array.isArray(content))
    content.forEach((part, at) => {
      if (isRecord(part) && typeof part.text === 'string') visit(part.text, [...path, at, 'text'])
    })
}

/** A space, tab or line break. The rest that `trim` removes may be a command that lost its backslash. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
  const isWide = (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f || code === 0x3000
  return isWide || code === 0xa0 || code === 0x1680
}

/** The range of a text without the spaces and line breaks around it. */
export function wordsIn(text: string): { start: number; end: number } {
  let [start, end] = [0, text.length]
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  if (findEaten(text.slice(0, 40))?.at === 0) return { start, end }
  while (start < end && isSpace(text.charCodeAt(start))) start++
  return { start, end }
}

/** Unwanted space: at a message's end, or at an answer's start. */
function outerSpace(text: string, answer: boolean): 'start' | 'end' | null {
  if (isSpace(text.charCodeAt(text.length - 1))) return 'end'
  return answer && isSpace(text.charCodeAt(0)) && wordsIn(text).start > 0 ? 'start' : null
}

/** Invisible, but trained: answers of the fine-tuned model then begin or end with it too. */
export const trailingSpace: MessageRule = {
  id: 'trailing-space',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const { content, role } = message
      if (typeof content !== 'string' || content.trim() === '') return
      const where = outerSpace(content, isAssistant(message))
      if (where) tell('warning', [...path, index, 'content'], { role: shown(role ?? ''), where, fix: 'fix' })
    })
  },
}

const BIDI = /[\u202a-\u202e\u2066-\u2069]/g

/** Characters that reorder the displayed text, so that users and models read different texts. */
export const bidiControls: MessageRule = {
  id: 'bidi-control-chars',
  check({ path, messages }, tell, { traces }) {
    if (!(traces & Trace.bidi)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => {
        const found = text.match(BIDI)
        if (!found) return
        const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
        tell('warning', place, { count: found.length, code: `U+${code}` })
      })
    })
  },
}

/** UTF-8 text that was decoded with another encoding and saved. */
export const mojibake: MessageRule = {
  id: 'mojibake',
  check({ path, messages }, tell, { traces }) {
    if (!(traces & Trace.misread)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => {
        const found = misread(text)
        const lost = found ? null : findLost(text)
        if (found)
          tell('warning', place, { reason: 'misread', before: found.before, after: found.after, fix: 'fix' })
        else if (lost) tell('warning', place, { reason: 'lost', before: shown(lost), after: '' })
      })
    })
  },
}

export const secretLooking: MessageRule = {
  id: 'secret-or-pii-looking',
  check({ path, messages }, tell, { traces }) {
    if (!(traces & SECRETS)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => {
        const secret = findSecret(text, traces)
        if (secret) tell('warning', place, { ...secret })
      })
    })
  },
}

type Look = (text: string, place: Path, tell: Tell) => void

/** A rule for every text of a line that has a trace. */
const inTexts = (id: MessageRule['id'], trace: number, look: Look): MessageRule => ({
  id,
  check({ path, messages }, tell, { traces }) {
    if (!(traces & trace)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => look(text, place, tell))
    })
  },
})

/** A backslash that was read as an escape, or an invisible control character. */
export const controlCharacters = inTexts('control-characters', Trace.control, (text, place, tell) => {
  const eaten = findEaten(text)
  if (eaten) return tell('warning', place, { reason: 'eaten', meant: eaten.meant, fix: 'fix' })
  const spelled = findSpelled(text)
  if (spelled) return tell('warning', place, { reason: 'spelled', meant: spelled, fix: 'fix' })
  const code = findControl(text)
  if (code) tell('warning', place, { reason: 'control', code })
})

export const invisibleCharacters = inTexts('invisible-characters', Trace.unseen, (text, place, tell) => {
  const found = findUnseen(text)
  if (found) tell('warning', place, { count: found.length, code: codeOf(found[0] ?? ''), fix: 'fix' })
})

export const htmlInText = inTexts('html-in-text', Trace.mark | Trace.entity, (text, place, tell) => {
  const found = findHtml(text)
  if (found) tell('warning', place, { found: shown(found), fix: 'fix' })
})

/** A special token of a chat template; OpenAI rejects files that contain its own. */
export const specialToken: MessageRule = {
  id: 'special-token',
  check({ path, messages }, tell, { traces, specials }) {
    if (!(traces & Trace.mark)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => {
        const found = findSpecial(text)
        if (!found) return
        const facts = { token: shown(found.token), what: found.what }
        const values = withFix(facts, found.several ? null : 'fix')
        tell(isReserved(found.token) ? specials : 'warning', place, values)
      })
    })
  },
}

/** Content of the user's message directly before a message. */
const askedBefore = (messages: readonly LooseMessage[], index: number): unknown =>
  messages[index - 1]?.role === 'user' ? messages[index - 1]?.content : undefined

/** A column chosen twice, or a question without an answer: the model learns to echo. */
export const repeatedQuestion: MessageRule = {
  id: 'answer-repeats-question',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const { content } = message
      const asked = isAssistant(message) ? askedBefore(messages, index) : undefined
      if (typeof content !== 'string' || typeof asked !== 'string') return
      if (content.trim() !== '' && content.trim() === asked.trim())
        tell('warning', [...path, index, 'content'])
    })
  },
}

/** A placeholder that nobody filled in. */
export const placeholder: MessageRule = {
  id: 'placeholder',
  check({ path, messages }, tell, { traces }) {
    const looksFilled = !(traces & (Trace.blank | Trace.mark))
    messages.forEach((message, index) => {
      const answers = isAssistant(message)
      if (looksFilled && !answers) return
      eachText(message, [...path, index, 'content'], (text, place) => {
        const blank = looksFilled ? null : answers ? findPlaceholder(text) : findMedia(text)
        const found = blank ?? (answers ? findNothing(text) : null)
        if (found) tell('warning', place, { found: shown(found), who: answers ? 'answer' : 'question' })
      })
    })
  },
}
