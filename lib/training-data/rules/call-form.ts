import { isRecord, type LooseLine, type LooseMessage, type LooseObject } from './rule.ts'

/** Calls, results and tools as other programs write them, where they say all that OpenAI's form says. */

const CALL_KEYS = new Set(['id', 'type', 'index', 'function', 'name', 'arguments'])
const FUNCTION_KEYS = new Set(['name', 'arguments'])

const hasOnly = (object: LooseObject, keys: ReadonlySet<string>): boolean =>
  Object.keys(object).every((key) => keys.has(key))

/** The name and arguments of a call: beside its id, or under `function`. */
export const calledIn = (call: LooseObject): LooseObject | null => {
  if (call.function === undefined) return call
  return isRecord(call.function) && hasOnly(call.function, FUNCTION_KEYS) ? call.function : null
}

/** Whether a call is in another form, and nothing of it is lost in the usual one. */
function isOddCall(call: unknown): boolean {
  if (!isRecord(call) || !hasOnly(call, CALL_KEYS)) return false
  const called = calledIn(call)
  if (!called || typeof called.name !== 'string') return false
  const isUsual = call.function !== undefined && typeof called.arguments === 'string'
  return !isUsual || call.type !== 'function' || typeof call.id !== 'string' || 'index' in call
}

/** A result that is a value instead of a text, or a text that was read as a number. */
export const isOddContent = ({ role, content }: LooseMessage): boolean => {
  if (typeof content === 'number' || typeof content === 'boolean') return true
  return (role === 'tool' || role === 'function') && isRecord(content)
}

/** A tool whose `function` stands bare, or without its type. */
export const isOddTool = (tool: unknown): boolean =>
  isRecord(tool) &&
  (isRecord(tool.function)
    ? tool.type === undefined
    : tool.type === undefined && typeof tool.name === 'string')

const isCall = (call: unknown): boolean => isOddCall(call) || isUsualCall(call)
const isUsualCall = (call: unknown): boolean =>
  isRecord(call) && typeof call.id === 'string' && isRecord(call.function) && call.type === 'function'

/** Whether a message has calls that can all be written in the usual form, and some are not yet. */
export const oddCalls = ({ tool_calls: calls }: LooseMessage): boolean =>
  Array.isArray(calls) && calls.every(isCall) && calls.some(isOddCall)

/** Whether a line has a call, a result or a tool that the repair of `bad-shape` writes in the usual form. */
export const hasOddCalls = ({ value, conversations }: LooseLine): boolean =>
  (Array.isArray(value.tools) && value.tools.some(isOddTool)) ||
  conversations.some(({ messages }) => messages.some((message) => isOddContent(message) || oddCalls(message)))
