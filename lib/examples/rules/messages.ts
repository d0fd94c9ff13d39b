import { Role } from '../schema.ts'
import { isRecord, kindOf, type LooseMessage, type Rule, shown } from './rule.ts'

const roles = Role.options.join(', ')
const isRole = (role: unknown) => Role.safeParse(role).success
const isAssistant = (message: LooseMessage) => message.role === 'assistant'
const isInstruction = (message: LooseMessage) => message.role === 'system' || message.role === 'developer'
const calls = (message: LooseMessage): unknown[] =>
  Array.isArray(message.tool_calls) ? message.tool_calls.filter(isRecord) : []
const speaksThroughCall = (message: LooseMessage) =>
  calls(message).length > 0 || isRecord(message.function_call) || typeof message.refusal === 'string'

const badRole: Rule = {
  id: 'bad-role',
  *check({ messages }) {
    for (const [index, { role }] of messages.entries()) {
      if (isRole(role)) continue
      yield {
        severity: 'error',
        path: ['messages', index, 'role'],
        values: { role: role === undefined ? '' : shown(role), roles },
      }
    }
  },
}

const systemNotFirst: Rule = {
  id: 'system-not-first',
  *check({ messages }) {
    const start = messages.findIndex((message) => !isInstruction(message))
    for (const [index, message] of messages.entries()) {
      if (start !== -1 && index > start && isInstruction(message)) {
        yield { severity: 'warning', path: ['messages', index], values: { role: String(message.role) } }
      }
    }
  },
}

const noUser: Rule = {
  id: 'no-user',
  *check({ messages }) {
    const known = messages.every(({ role }) => isRole(role))
    if (known && !messages.some(({ role }) => role === 'user'))
      yield { severity: 'warning', path: ['messages'] }
  },
}

const lastNotAssistant: Rule = {
  id: 'last-not-assistant',
  *check({ messages }) {
    const last = messages.at(-1)
    if (!last || isAssistant(last) || !isRole(last.role)) return
    yield {
      severity: 'error',
      path: ['messages', messages.length - 1],
      values: { role: String(last.role), assistants: messages.filter(isAssistant).length },
    }
  },
}

const isEmpty = (content: unknown) =>
  content === undefined ||
  content === null ||
  content === '' ||
  (Array.isArray(content) && content.length === 0)

const emptyContent: Rule = {
  id: 'empty-content',
  *check({ messages }) {
    for (const [index, message] of messages.entries()) {
      if (!isEmpty(message.content) || speaksThroughCall(message)) continue
      const path = ['messages', index, 'content']
      const role = shown(message.role ?? '')
      // OpenAI takes an empty string from anyone; an empty answer that is trained on teaches silence.
      const harmless = message.content === '' && (!isAssistant(message) || message.weight === 0)
      yield { severity: harmless ? 'warning' : 'error', path, values: { role } }
    }
  },
}

const noTrainedAssistant: Rule = {
  id: 'no-trained-assistant',
  *check({ messages }) {
    const answers = messages.filter(isAssistant)
    if (answers.length > 0 && answers.every(({ weight }) => weight === 0)) {
      yield { severity: 'warning', path: ['messages'], values: { answers: answers.length } }
    }
  },
}

const weightNotZeroOne: Rule = {
  id: 'weight-not-0-1',
  *check({ messages }) {
    for (const [index, { weight }] of messages.entries()) {
      if (weight === undefined || weight === 0 || weight === 1) continue
      const values = { weight: shown(weight), kind: kindOf(weight) }
      yield { severity: 'error', path: ['messages', index, 'weight'], values }
    }
  },
}

const weightOnOthers: Rule = {
  id: 'weight-on-non-assistant',
  *check({ messages }) {
    for (const [index, message] of messages.entries()) {
      if (message.weight === undefined || isAssistant(message)) continue
      const values = { role: shown(message.role ?? '') }
      yield { severity: 'error', path: ['messages', index, 'weight'], values }
    }
  },
}

/** Ids that the messages from `from` answer, up to the next one that is no tool result. */
function answeredFrom(messages: readonly LooseMessage[], from: number): Set<unknown> {
  const answered = new Set<unknown>()
  for (const { role, tool_call_id } of messages.slice(from)) {
    if (role !== 'tool') break
    answered.add(tool_call_id)
  }
  return answered
}

const toolCallWithoutResult: Rule = {
  id: 'tool-call-without-result',
  *check({ messages }) {
    for (const [index, message] of messages.entries()) {
      // The last turn may end in a call: that is what the example teaches.
      if (index === messages.length - 1) break
      const answered = answeredFrom(messages, index + 1)
      for (const [at, call] of calls(message).entries()) {
        const id = isRecord(call) ? call.id : undefined
        if (answered.has(id)) continue
        yield {
          severity: 'error',
          path: ['messages', index, 'tool_calls', at],
          values: { id: shown(id ?? '') },
        }
      }
    }
  },
}

const imagePart: Rule = {
  id: 'image-part-unsupported',
  *check({ messages }, { images }) {
    for (const [index, message] of messages.entries()) {
      const parts = Array.isArray(message.content) ? message.content : []
      for (const [at, part] of parts.entries()) {
        const type = isRecord(part) ? part.type : undefined
        if (type === 'text' || (isRecord(part) && type === undefined)) continue
        const readable = type === 'image_url' && message.role === 'user'
        const path = ['messages', index, 'content', at]
        yield { severity: readable ? images : 'error', path, values: { type: shown(type ?? kindOf(part)) } }
      }
    }
  },
}

export const messageRules: readonly Rule[] = [
  badRole,
  systemNotFirst,
  noUser,
  lastNotAssistant,
  emptyContent,
  noTrainedAssistant,
  weightNotZeroOne,
  weightOnOthers,
  toolCallWithoutResult,
  imagePart,
]
