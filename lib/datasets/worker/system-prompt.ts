import { isRecord } from '#lib/training-data/rules/rule.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The system prompt of a line; null: none, or not a conversation. */
export function systemPromptOf(text: string | null): string | null {
  const value = parsed(text ?? '')
  if (!isRecord(value)) return null
  const { messages } = isRecord(value.input) ? value.input : value
  if (!Array.isArray(messages)) return null
  const turn = messages.find(
    (message) => isRecord(message) && (message.role === 'system' || message.role === 'developer'),
  )
  return typeof turn?.content === 'string' ? turn.content : null
}
