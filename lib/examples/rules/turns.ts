import { Role } from '../schema.ts'
import {
  callsOf,
  isAssistant,
  isInstruction,
  isRecord,
  type LooseMessage,
  type MessageRule,
  shown,
} from './rule.ts'

const roles = Role.options.join(', ')
const known: ReadonlySet<unknown> = new Set(Role.options)
const isRole = (role: unknown) => known.has(role)
const speaksThroughCall = (message: LooseMessage) =>
  callsOf(message).length > 0 || isRecord(message.function_call) || typeof message.refusal === 'string'

export const badRole: MessageRule = {
  id: 'bad-role',
  check({ path, messages }, tell) {
    messages.forEach(({ role }, index) => {
      if (isRole(role)) return
      tell('error', [...path, index, 'role'], { role: role === undefined ? '' : shown(role), roles })
    })
  },
}

export const systemNotFirst: MessageRule = {
  id: 'system-not-first',
  check({ path, messages }, tell) {
    let started = false
    messages.forEach((message, index) => {
      if (!isInstruction(message)) started = true
      else if (started) tell('warning', [...path, index], { role: String(message.role) })
    })
  },
}

export const noUser: MessageRule = {
  id: 'no-user',
  check({ part, path, messages }, tell) {
    if (part === 'output' || messages.length === 0) return
    if (messages.some(({ role }) => role === 'user' || !isRole(role))) return
    tell('warning', path)
  },
}

export const lastNotAssistant: MessageRule = {
  id: 'last-not-assistant',
  check({ part, path, messages }, tell) {
    const last = messages.at(-1)
    if (part !== 'chat' || !last || isAssistant(last) || !isRole(last.role)) return
    const assistants = messages.filter(isAssistant).length
    tell('error', [...path, messages.length - 1], { role: String(last.role), assistants })
  },
}

const isEmpty = (content: unknown) =>
  content === undefined ||
  content === null ||
  content === '' ||
  (Array.isArray(content) && content.length === 0)

export const emptyContent: MessageRule = {
  id: 'empty-content',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      if (!isEmpty(message.content) || speaksThroughCall(message)) return
      // OpenAI takes an empty string from anyone; an empty answer that is trained on teaches silence.
      const harmless = message.content === '' && (!isAssistant(message) || message.weight === 0)
      const values = { role: shown(message.role ?? '') }
      tell(harmless ? 'warning' : 'error', [...path, index, 'content'], values)
    })
  },
}
