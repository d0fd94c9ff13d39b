import { rawAt, readItems, setKey, setRaw } from '../edit.ts'
import { isRecord } from '../is-record.ts'
import { calledIn, isOddContent, isOddTool, oddCalls } from '../rules/call-form.ts'
import type { LooseMessage, LooseObject } from '../rules/rule.ts'
import { eachList, type Fix } from './turns.ts'

/** Call ids of a conversation: existing ones, and generated ones for calls without an id. */
class Ids {
  #made = 0
  /** Calls without a result until now. */
  readonly #open: string[] = []

  of(call: LooseObject): string {
    const id = typeof call.id === 'string' ? call.id : `call_${++this.#made}`
    this.#open.push(id)
    return id
  }

  /** The call id of a result; of a result without an id, the oldest open call's. */
  answered({ tool_call_id: id }: LooseMessage): string | null {
    if (typeof id !== 'string') return this.#open.shift() ?? null
    const at = this.#open.indexOf(id)
    if (at !== -1) this.#open.splice(at, 1)
    return null
  }
}

/** `arguments` as JSON text; keeps the digits of numbers in a bare value. */
function argumentsOf(turn: string, path: (string | number)[]): string {
  const raw = rawAt(turn, [...path, 'arguments'])
  return raw?.startsWith('"') ? raw : JSON.stringify(raw === null || raw === 'null' ? '{}' : raw)
}

function callOf(turn: string, call: LooseObject, index: number, id: string): string {
  const path = ['tool_calls', index, ...(call.function === undefined ? [] : ['function'])]
  const { name } = calledIn(call) ?? {}
  const called = `{"name": ${JSON.stringify(name)}, "arguments": ${argumentsOf(turn, path)}}`
  return `{"id": ${JSON.stringify(id)}, "type": "function", "function": ${called}}`
}

function calling(turn: string, message: LooseMessage, ids: Ids): string {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isRecord) : []
  const named = calls.map((call) => ids.of(call))
  if (!oddCalls(message)) return turn
  const raws = calls.map((call, index) => callOf(turn, call, index, named[index] ?? ''))
  return setRaw(turn, ['tool_calls'], `[${raws.join(', ')}]`)
}

/** The content as a string of its JSON text. */
const asText = (turn: string): string =>
  setRaw(turn, ['content'], JSON.stringify(rawAt(turn, ['content']) ?? ''))

function resulting(turn: string, message: LooseMessage, ids: Ids): string {
  const id = message.role === 'tool' ? ids.answered(message) : null
  return id === null ? turn : setKey(turn, 'tool_call_id', id)
}

const usualTurns = eachList(
  (messages) => messages.some((message) => isOddContent(message) || oddCalls(message)),
  (turns, messages) => {
    const ids = new Ids()
    return turns.map((turn, index) => {
      const message = messages[index] ?? {}
      const said = isOddContent(message) ? asText(turn) : turn
      return resulting(calling(said, message, ids), message, ids)
    })
  },
)

function usualTools(text: string, tools: readonly unknown[]): string {
  const raws = readItems(text, ['tools']) ?? []
  return raws.reduce((fixed, { raw }, index) => {
    const tool = tools[index]
    if (!isOddTool(tool) || !isRecord(tool)) return fixed
    const whole = isRecord(tool.function)
      ? setKey(raw, 'type', 'function')
      : `{"type": "function", "function": ${raw}}`
    return setRaw(fixed, ['tools', index], whole)
  }, text)
}

/** Converts calls, results and tools of other programs to OpenAI's form. */
export const usualCalls: Fix = (text, line, how) => {
  const { tools } = line.value
  return usualTurns(Array.isArray(tools) ? usualTools(text, tools) : text, line, how)
}
