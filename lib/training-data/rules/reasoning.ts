import { isAssistant, type LooseMessage, type MessageRule } from './rule.ts'
import { Trace } from './traces.ts'

/** Keys in which servers return reasoning. */
const reasoningKeys: readonly string[] = ['reasoning_content', 'reasoning', 'thinking']

/** The key of a message that holds its reasoning, or null. */
export function reasoningKey(message: LooseMessage): string | null {
  if (!isAssistant(message)) return null
  for (const key of reasoningKeys) if (typeof message[key] === 'string') return key
  return null
}

const LESS = 0x3c
const OPENED = /^\s*<(think|thinking)>/
const CLOSED = /<\/think(?:ing)?>/

/** An answer split into reasoning and answer; null if it does not begin with reasoning, or that has no end. */
export function splitReasoning(text: string): { thoughts: string; answer: string } | null {
  const [opening, name] = OPENED.exec(text) ?? []
  const end = name === undefined ? -1 : text.indexOf(`</${name}>`)
  if (opening === undefined || end < 0) return null
  return { thoughts: text.slice(opening.length, end), answer: text.slice(end + `</${name}>`.length) }
}

/** What is wrong with the reasoning inside a text. */
function faultIn(text: string): 'unclosed' | 'unopened' | null {
  if (!text.includes('<')) return null
  if (OPENED.test(text)) return splitReasoning(text) ? null : 'unclosed'
  return CLOSED.test(text) && !text.includes('<think') ? 'unopened' : null
}

/** Whether an answer's text begins with reasoning. */
export const thinks = (message: LooseMessage): boolean =>
  isAssistant(message) &&
  typeof message.content === 'string' &&
  message.content.charCodeAt(0) <= LESS &&
  OPENED.test(message.content)

/** Reasoning in a separate key, which providers reject. */
export const reasoningInKey: MessageRule = {
  id: 'reasoning',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const key = reasoningKey(message)
      if (key !== null) tell('error', [...path, index, key], { reason: 'key', key, fix: 'reasoning' })
    })
  },
}

/** Reasoning in the text without its opening or closing tag. */
export const reasoningInText: MessageRule = {
  id: 'reasoning',
  check({ path, messages }, tell, { traces }) {
    if (!(traces & Trace.mark)) return
    messages.forEach((message, index) => {
      if (!isAssistant(message) || typeof message.content !== 'string') return
      const fault = faultIn(message.content)
      if (fault) tell('error', [...path, index, 'content'], { reason: fault, key: '' })
    })
  },
}
