import { isRecord } from '../is-record.ts'
import type { Path } from '../issue.ts'
import {
  callsOf,
  isAssistant,
  type LineRule,
  type LooseLine,
  type LooseMessage,
  type LooseObject,
  type MessageRule,
  shown,
  type Tell,
  withFix,
} from './rule.ts'

/** Call ids of the consecutive tool results from `from` on. */
function answeredFrom(messages: readonly LooseMessage[], from: number): Set<unknown> {
  const answered = new Set<unknown>()
  for (let index = from; messages[index]?.role === 'tool'; index++)
    answered.add(messages[index]?.tool_call_id)
  return answered
}

/** Whether a single call and the single result after it have different ids: they must belong together. */
export function isLonePair(messages: readonly LooseMessage[], index: number): boolean {
  const [call, result, next] = messages.slice(index, index + 3)
  if (!call || !isAssistant(call) || result?.role !== 'tool' || next?.role === 'tool') return false
  const [only, ...more] = callsOf(call)
  return only !== undefined && more.length === 0 && only.id !== result.tool_call_id
}

export const callWithoutResult: MessageRule = {
  id: 'tool-call-without-result',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      // The last message may be a call: the example teaches it.
      // Two ids that do not match give one issue, at the result.
      if (message.tool_calls === undefined || index === messages.length - 1) return
      if (isLonePair(messages, index)) return
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
        tell(
          'error',
          [...path, index],
          withFix({ id: shown(message.tool_call_id ?? '') }, isLonePair(messages, index - 1) ? 'fix' : null),
        )
    })
  },
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** What is wrong with the declaration of a function: the key of its sentence. */
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

/** Checks the declarations of tools and functions. */
export const toolDeclarations: LineRule = {
  id: 'tools-schema',
  check({ kind, value }, tell) {
    const [owner, path] = kind === 'chat' ? [value, []] : [value.input, ['input']]
    if (!isRecord(owner)) return
    checkDeclarations(owner.tools, [...path, 'tools'], 'function', tell)
    checkDeclarations(owner.functions, [...path, 'functions'], null, tell)
  },
}

/** Names of the declared functions. */
function declared(owner: LooseObject): Set<unknown> {
  const { tools, functions } = owner
  const specs = [
    ...(Array.isArray(tools) ? tools.map((tool) => (isRecord(tool) ? tool.function : null)) : []),
    ...(Array.isArray(functions) ? functions : []),
  ]
  return new Set(specs.map((spec) => (isRecord(spec) ? spec.name : null)))
}

const namesIn = (message: LooseMessage): unknown[] => [
  ...callsOf(message).map((call) => (isRecord(call.function) ? call.function.name : null)),
  ...(isRecord(message.function_call) ? [message.function_call.name] : []),
]

/** A call of a function that the row does not declare. */
export const undeclaredTool: LineRule = {
  id: 'undeclared-tool',
  check({ kind, value, conversations }, tell) {
    const owner = kind === 'chat' ? value : value.input
    let known: Set<unknown> | null = null
    for (const { path, messages } of conversations)
      messages.forEach((message, index) => {
        if (message.tool_calls === undefined && message.function_call === undefined) return
        known ??= isRecord(owner) ? declared(owner) : new Set()
        const undeclared = namesIn(message).find((name) => typeof name === 'string' && !known?.has(name))
        if (undeclared === undefined) return
        const values = { name: shown(undeclared), declared: known.size }
        tell('warning', [...path, index], values)
      })
  },
}

/** Whether a line has calls in the form of 2023, which can be converted to tools. */
export const hasLegacyCalls = ({ value, conversations }: LooseLine): boolean =>
  value.functions !== undefined ||
  conversations.some(({ messages }) =>
    messages.some(({ role, function_call }) => role === 'function' || function_call !== undefined),
  )

export const legacyFunctions: LineRule = {
  id: 'legacy-functions',
  check(line, tell) {
    if (line.kind === 'chat' && hasLegacyCalls(line))
      tell('warning', line.value.functions === undefined ? ['messages'] : ['functions'], { fix: 'fix' })
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

/** Checks the arguments of calls. */
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
