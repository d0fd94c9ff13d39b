import { isRecord } from '../is-record.ts'
import { Role } from '../schema.ts'
import {
  callsOf,
  isAssistant,
  isInstruction,
  type LooseMessage,
  type MessageRule,
  shown,
  withFix,
} from './rule.ts'

const roles = Role.options.join(', ')
const known: ReadonlySet<unknown> = new Set(Role.options)
const isRole = (role: unknown) => known.has(role)
const speaksThroughCall = (message: LooseMessage) =>
  callsOf(message).length > 0 || isRecord(message.function_call) || typeof message.refusal === 'string'

/** Names of roles in other tools. */
const otherNames: ReadonlyMap<string, Role> = new Map([
  ['human', 'user'],
  ['customer', 'user'],
  ['prompter', 'user'],
  ['gpt', 'assistant'],
  ['ai', 'assistant'],
  ['bot', 'assistant'],
  ['chatbot', 'assistant'],
  ['model', 'assistant'],
  ['agent', 'assistant'],
  ['observation', 'tool'],
])

/** Whether one letter is missing, extra, different, or swapped with its neighbour. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  const [x, y] = [a.slice(start), b.slice(start)]
  const swapped = `${x[1] ?? ''}${x[0] ?? ''}${x.slice(2)}`
  return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1) || swapped === y
}

/** The role that a name means: a known other name, or a role in other case or with one typo; else null. */
export function likelyRole(name: unknown): Role | null {
  if (typeof name !== 'string' || name.length > 20) return null
  const plain = name.trim().toLowerCase()
  const other = otherNames.get(plain)
  if (other !== undefined) return other
  return Role.options.find((role) => role === plain || (plain.length > 3 && isOneOff(plain, role))) ?? null
}

/** Keys of the role in other tools. */
export const roleKeys = ['type', 'from', 'speaker'] as const

/** The role in another key, for a message without `role`. */
export function spokenBy(message: LooseMessage): { key: string; role: Role } | null {
  for (const key of roleKeys) {
    const role = likelyRole(message[key])
    if (role !== null) return { key, role }
  }
  return null
}

export const badRole: MessageRule = {
  id: 'bad-role',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      const { role } = message
      if (isRole(role)) return
      const meant = role === undefined ? spokenBy(message)?.role : likelyRole(role)
      const values = { role: role === undefined ? '' : shown(role), roles, meant: meant ?? '' }
      tell('error', [...path, index, 'role'], withFix(values, meant ? 'fix' : null))
    })
  },
}

/** Whether a conversation ends in two answers of which one is not trained: probably a preference pair. */
export function isPairInDisguise(messages: readonly LooseMessage[]): boolean {
  const [asked, one, other] = messages.slice(-3)
  if (!asked || !one || !other || isAssistant(asked) || !isAssistant(one) || !isAssistant(other)) return false
  return (one.weight === 0) !== (other.weight === 0) && hasContent(one) && hasContent(other)
}

const hasContent = ({ content, tool_calls }: LooseMessage): boolean =>
  typeof content === 'string' && content.trim() !== '' && tool_calls === undefined

/** Whether a message has the role of the message before it. */
const isAgain = (messages: readonly LooseMessage[], message: LooseMessage, index: number): boolean =>
  index > 0 && messages[index - 1]?.role === message.role

/** Reasoning in a separate message, as the fix of `reasoning` writes it. */
const isThought = ({ content, weight }: LooseMessage): boolean =>
  weight === 0 && typeof content === 'string' && /^<think>/.test(content) && content.endsWith('</think>')

export const twoAnswers: MessageRule = {
  id: 'two-answers-in-a-row',
  check({ part, path, messages }, tell) {
    if (part === 'output' || !messages.some((message, index) => isAgain(messages, message, index))) return
    messages.forEach((message, index) => {
      const before = messages[index - 1]
      if (!before || !isAssistant(message) || !isAssistant(before)) return
      // The rule `tool-call-without-result` handles a call that waits for its result.
      if (isThought(before) || callsOf(before).length > 0) return
      const isLast = part === 'chat' && index === messages.length - 1
      const fix = isLast && isPairInDisguise(messages) ? 'pairs' : null
      tell('warning', [...path, index], withFix({ learnt: Number(message.weight !== 0) }, fix))
    })
  },
}

/** Whether two consecutive user messages have text only, so that they can be joined. */
export function canJoin(messages: readonly LooseMessage[], index: number): boolean {
  const pair = messages.slice(Math.max(0, index - 1), index + 1)
  const isText = (message: LooseMessage) =>
    message.role === 'user' &&
    typeof message.content === 'string' &&
    Object.keys(message).every((key) => key === 'role' || key === 'content')
  return pair.length === 2 && pair.every(isText)
}

/** Consecutive messages of one role, which the chat templates of some models reject. */
export const notAlternating: MessageRule = {
  id: 'turns-not-alternating',
  check({ part, path, messages }, tell, { alternate }) {
    if (
      part === 'output' ||
      (!alternate && !messages.some((message, index) => isAgain(messages, message, index)))
    )
      return
    const severity = alternate ? 'error' : 'warning'
    const first = messages.findIndex((message) => !isInstruction(message))
    messages.forEach((message, index) => {
      const before = messages[index - 1]
      const twice = message.role === 'user' && before?.role === 'user'
      if (twice)
        tell(severity, [...path, index], withFix({ reason: 'user' }, canJoin(messages, index) ? 'fix' : null))
      if (!alternate) return
      if (index === first && isAssistant(message)) tell('error', [...path, index], { reason: 'first' })
      if (before && isAssistant(message) && isAssistant(before))
        tell('error', [...path, index], { reason: 'assistant' })
    })
  },
}

export const systemNotFirst: MessageRule = {
  id: 'system-not-first',
  check({ path, messages }, tell) {
    let started = false
    const only = messages.filter(isInstruction).length === 1
    messages.forEach((message, index) => {
      if (!isInstruction(message)) started = true
      else if (started)
        tell('warning', [...path, index], withFix({ role: String(message.role) }, only ? 'fix' : null))
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
      // OpenAI accepts an empty string in any role; a trained empty answer teaches silence.
      const harmless = message.content === '' && (!isAssistant(message) || message.weight === 0)
      const values = { role: shown(message.role ?? '') }
      tell(harmless ? 'warning' : 'error', [...path, index, 'content'], values)
    })
  },
}
