import { isRecord } from '../is-record.ts'
import type { Finding } from '../issue.ts'
import type { Conversation, LooseLine, LooseObject } from './rule.ts'

const listed = (part: Conversation['part'], path: readonly string[], list: unknown): Conversation => ({
  part,
  path,
  messages: Array.isArray(list) ? list.map((message) => (isRecord(message) ? message : {})) : [],
})

const isPair = (value: LooseObject): boolean =>
  value.messages === undefined && ('preferred_output' in value || 'non_preferred_output' in value)

/** A parsed line as a conversation or a preference pair, or the finding if it is neither. */
export function openLine(value: LooseObject): LooseLine | Finding {
  if (isPair(value)) {
    const input = isRecord(value.input) ? value.input : {}
    const conversations = [
      listed('prompt', ['input', 'messages'], input.messages),
      listed('output', ['preferred_output'], value.preferred_output),
      listed('output', ['non_preferred_output'], value.non_preferred_output),
    ]
    return { kind: 'preference', value, conversations }
  }
  const { messages } = value
  if (Array.isArray(messages) && messages.length > 0)
    return { kind: 'chat', value, conversations: [listed('chat', ['messages'], messages)] }
  const legacy = 'prompt' in value && 'completion' in value
  const absent = legacy ? 'prompt' : messages === undefined ? 'missing' : 'not-list'
  const reason = Array.isArray(messages) ? 'empty' : absent
  return { rule: 'no-messages', severity: 'error', path: ['messages'], values: { reason } }
}
