import { isRecord } from '../is-record.ts'
import type { LooseLine, LooseMessage, LooseObject } from './rule.ts'

/** Calls, results and tools in the forms of other programs, if they can be converted to OpenAI's without loss. */

const CALL_KEYS = new Set(['id', 'type', 'index', 'function', 'name', 'arguments'])
const FUNCTION_KEYS = new Set(['name', 'arguments'])

const hasOnly = (object: LooseObject, keys: ReadonlySet<string>): boolean =>
  Object.keys(object).every((key) => keys.has(key))

/** The object with the name and arguments of a call: the call itself, or its `function`. */
export const calledIn = (call: LooseObject): LooseObject | null => {
  if (call.function === undefined) return call
  return isRecord(call.function) && hasOnly(call.function, FUNCTION_KEYS) ? call.function : null
}

/** Whether a call has another form, which can be converted without loss. */
function isOddCall(call: unknown): boolean {
  if (!isRecord(call) || !hasOnly(call, CALL_KEYS)) return false
  const called = calledIn(call)
  if (!called || typeof called.name !== 'string') return false
  const isUsual = call.function !== undefined && typeof called.arguments === 'string'
  return !isUsual || call.type !== 'function' || typeof call.id !== 'string' || 'index' in call
}

/** Whether content is a number or boolean instead of text, or a tool result is an object. */
export const isOddContent = ({ role, content }: LooseMessage): boolean => {
  if (typeof content === 'number' || typeof content === 'boolean') return true
  return (role === 'tool' || role === 'function') && isRecord(content)
}

/** Whether a tool is a bare function, or lacks its type. */
export const isOddTool = (tool: unknown): boolean =>
  isRecord(tool) &&
  (isRecord(tool.function)
    ? tool.type === undefined
    : tool.type === undefined && typeof tool.name === 'string')

const isCall = (call: unknown): boolean => isOddCall(call) || isUsualCall(call)
const isUsualCall = (call: unknown): boolean =>
  isRecord(call) && typeof call.id === 'string' && isRecord(call.function) && call.type === 'function'

/** Whether all calls of a message have or can be converted to OpenAI's form, and some need it. */
export const oddCalls = ({ tool_calls: calls }: LooseMessage): boolean =>
  Array.isArray(calls) && calls.every(isCall) && calls.some(isOddCall)

/** Whether a line has a call, a result or a tool that the fix of `bad-shape` converts to OpenAI's form. */
export const hasOddCalls = ({ value, conversations }: LooseLine): boolean =>
  (Array.isArray(value.tools) && value.tools.some(isOddTool)) ||
  conversations.some(({ messages }) => messages.some((message) => isOddContent(message) || oddCalls(message)))
