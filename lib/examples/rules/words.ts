import type { Path } from '../issue.ts'
import { misread } from '../mojibake.ts'
import { isAssistant, isRecord, type LooseMessage, type MessageRule, shown } from './rule.ts'
import { findSecret } from './secrets.ts'
import { SECRETS, Trace } from './traces.ts'

/** Every text of a message and where it stands. */
function eachText({ content }: LooseMessage, path: Path, visit: (text: string, path: Path) => void): void {
  if (typeof content === 'string') visit(content, path)
  else if (Array.isArray(content))
    content.forEach((part, at) => {
      if (isRecord(part) && typeof part.text === 'string') visit(part.text, [...path, at, 'text'])
    })
}

const endsInSpace = (text: string): boolean => text.length > 0 && text.trimEnd().length < text.length
const beginsWithSpace = (text: string): boolean => text.length > 0 && text.trimStart().length < text.length

/** Invisible, and learnt: an answer of a trained model then begins or ends with it too. */
export const trailingSpace: MessageRule = {
  id: 'trailing-space',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const { content, role } = message
      if (typeof content !== 'string' || content.trim() === '') return
      if (!endsInSpace(content) && !(isAssistant(message) && beginsWithSpace(content))) return
      const where = endsInSpace(content) ? 'end' : 'start'
      tell('warning', [...path, index, 'content'], { role: shown(role ?? ''), where })
    })
  },
}

const BIDI = /[\u202a-\u202e\u2066-\u2069]/g

/** Signs that turn the order of what is seen, so that people and models read different texts. */
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

/** Text in UTF-8 that was read in another encoding and saved so. */
export const mojibake: MessageRule = {
  id: 'mojibake',
  check({ path, messages }, tell, { traces }) {
    if (!(traces & Trace.misread)) return
    messages.forEach((message, index) => {
      eachText(message, [...path, index, 'content'], (text, place) => {
        const found = misread(text)
        if (found) tell('warning', place, { before: found.before, after: found.after, fix: 'fix' })
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
