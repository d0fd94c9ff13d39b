import { Example, exampleKeys, messageKeys } from '../schema.ts'
import { isRecord, type LooseExample, type Rule } from './rule.ts'

const unknownKey: Rule = {
  id: 'unknown-key',
  *check({ value, messages }) {
    for (const key of Object.keys(value)) {
      if (!exampleKeys.has(key)) yield { severity: 'error', path: [key], values: { key } }
    }
    for (const [index, message] of messages.entries()) {
      for (const key of Object.keys(message)) {
        if (!messageKeys.has(key)) {
          yield { severity: 'error', path: ['messages', index, key], values: { key } }
        }
      }
    }
  },
}

/** An object with `messages`, or the reason why there is nothing to look into. */
export function openExample(
  value: Readonly<Record<string, unknown>>,
): LooseExample | { values: Record<string, string | number> } {
  const { messages } = value
  if (!Array.isArray(messages)) {
    const legacy = 'prompt' in value && 'completion' in value
    return { values: { reason: legacy ? 'prompt' : messages === undefined ? 'missing' : 'not-list' } }
  }
  if (messages.length === 0) return { values: { reason: 'empty' } }
  return { value, messages: messages.map((message) => (isRecord(message) ? message : {})) }
}

/** The net under the named rules: whatever none of them speaks of must still fit the schema. */
const badShape: Rule = {
  id: 'bad-shape',
  *check({ value }) {
    const [problem] = Example.safeParse(value).error?.issues ?? []
    if (!problem) return
    const path = problem.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    yield { severity: 'error', path, values: { at: path.join('.'), reason: problem.message } }
  },
}

export const structureRules: readonly Rule[] = [unknownKey]
/** Runs only when nothing else found an error, so that one mistake is told once. */
export const lastRule = badShape
