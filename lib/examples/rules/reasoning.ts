import { isAssistant, type LooseMessage, type MessageRule } from './rule.ts'

/** Keys in which servers return what a model thought before its answer. */
export const reasoningKeys: readonly string[] = ['reasoning_content', 'reasoning', 'thinking']

/** The key of a message that holds its reasoning, or null. */
export const reasoningKey = (message: LooseMessage): string | null =>
  isAssistant(message) ? (reasoningKeys.find((key) => typeof message[key] === 'string') ?? null) : null

const OPENED = /^\s*<(think|thinking)>/
const CLOSED = /<\/think(?:ing)?>/

/** An answer's text in its two parts; null where it begins with no reasoning, or with one that never ends. */
export function splitReasoning(text: string): { thoughts: string; answer: string } | null {
  const [opening, name] = OPENED.exec(text) ?? []
  const end = name === undefined ? -1 : text.indexOf(`</${name}>`)
  if (opening === undefined || end < 0) return null
  return { thoughts: text.slice(opening.length, end), answer: text.slice(end + `</${name}>`.length) }
}

/** What is wrong with the reasoning inside a text. */
function faultIn(text: string): 'unclosed' | 'unopened' | null {
  if (!text.includes('<think') && !text.includes('</think')) return null
  if (OPENED.test(text)) return splitReasoning(text) ? null : 'unclosed'
  return CLOSED.test(text) && !text.includes('<think') ? 'unopened' : null
}

/** Whether a message holds reasoning, in a key or in its text. */
export const hasReasoning = (message: LooseMessage): boolean =>
  reasoningKey(message) !== null ||
  (isAssistant(message) && typeof message.content === 'string' && OPENED.test(message.content))

export const reasoning: MessageRule = {
  id: 'reasoning',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const key = reasoningKey(message)
      if (key !== null) tell('error', [...path, index, key], { reason: 'key', key, fix: 'reasoning' })
      if (key !== null || !isAssistant(message) || typeof message.content !== 'string') return
      const fault = faultIn(message.content)
      if (fault) tell('error', [...path, index, 'content'], { reason: fault, key: '' })
    })
  },
}
