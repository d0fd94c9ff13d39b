import type { Path } from '../issue.ts'
import {
  callsOf,
  isRecord,
  type LineRule,
  type LooseMessage,
  type LooseObject,
  type MessageRule,
  shown,
  type Tell,
} from './rule.ts'

/** Ids that the messages from `from` answer, up to the next one that is no tool result. */
function answeredFrom(messages: readonly LooseMessage[], from: number): Set<unknown> {
  const answered = new Set<unknown>()
  for (let index = from; messages[index]?.role === 'tool'; index++)
    answered.add(messages[index]?.tool_call_id)
  return answered
}

export const callWithoutResult: MessageRule = {
  id: 'tool-call-without-result',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      // The last turn may end in a call: that is what the example teaches.
      if (message.tool_calls === undefined || index === messages.length - 1) return
      const answered = answeredFrom(messages, index + 1)
      callsOf(message).forEach((call, at) => {
        if (answered.has(call.id)) return
        tell('error', [...path, index, 'tool_calls', at], { id: shown(call.id ?? '') })
      })
    })
  },
}

export const resultWithoutCall: MessageRule = {
  id: 'tool-result-without-call',
  check({ path, messages }, tell) {
    let asked: unknown[] = []
    messages.forEach((message, index) => {
      if (message.role !== 'tool') asked = callsOf(message).map(({ id }) => id)
      else if (!asked.includes(message.tool_call_id))
        tell('error', [...path, index], { id: shown(message.tool_call_id ?? '') })
    })
  },
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** What is wrong with the declaration of a function, as the word its sentence is chosen by. */
function declarationFault({ name, parameters }: LooseObject): { reason: string; at: string } | null {
  if (typeof name !== 'string' || !NAME.test(name)) return { reason: 'name', at: 'name' }
  if (parameters === undefined) return null
  if (!isRecord(parameters) || parameters.type !== 'object') return { reason: 'parameters', at: 'parameters' }
  const { properties } = parameters
  return properties === undefined || isRecord(properties) ? null : { reason: 'parameters', at: 'parameters' }
}

function checkDeclarations(list: unknown, path: Path, inner: 'function' | null, tell: Tell): void {
  if (!Array.isArray(list)) return
  list.forEach((item, index) => {
    const spec = inner && isRecord(item) ? item.function : item
    if (!isRecord(spec)) return
    const fault = declarationFault(spec)
    if (!fault) return
    const place = [...path, index, ...(inner ? [inner] : []), fault.at]
    tell('error', place, { reason: fault.reason, name: shown(spec.name ?? '') })
  })
}

/** The functions that a model may call. */
export const toolDeclarations: LineRule = {
  id: 'tools-schema',
  check({ kind, value }, tell) {
    const [owner, path] = kind === 'chat' ? [value, []] : [value.input, ['input']]
    if (!isRecord(owner)) return
    checkDeclarations(owner.tools, [...path, 'tools'], 'function', tell)
    checkDeclarations(owner.functions, [...path, 'functions'], null, tell)
  },
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function checkArguments(call: unknown, path: Path, tell: Tell): void {
  if (!isRecord(call) || typeof call.arguments !== 'string' || isJson(call.arguments)) return
  tell('error', [...path, 'arguments'], { reason: 'arguments', name: shown(call.name ?? '') })
}

/** The calls that a model made. */
export const toolArguments: MessageRule = {
  id: 'tools-schema',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      checkArguments(message.function_call, [...path, index, 'function_call'], tell)
      if (!Array.isArray(message.tool_calls)) return
      message.tool_calls.forEach((call, at) => {
        if (isRecord(call))
          checkArguments(call.function, [...path, index, 'tool_calls', at, 'function'], tell)
      })
    })
  },
}
