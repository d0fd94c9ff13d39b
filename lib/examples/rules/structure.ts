import { Example, exampleKeys, inputKeys, messageKeys, Preference, preferenceKeys } from '../schema.ts'
import { isRecord, type LineRule, type LooseLine, type LooseObject, type MessageRule } from './rule.ts'

/** Keys that do not belong into an object. `for in` makes no list of those that do. */
function strangers(object: LooseObject, known: ReadonlySet<string>): string[] {
  const found: string[] = []
  for (const key in object) if (!known.has(key)) found.push(key)
  return found
}

export const unknownKey: LineRule = {
  id: 'unknown-key',
  check({ kind, value }, tell) {
    for (const key of strangers(value, kind === 'chat' ? exampleKeys : preferenceKeys))
      tell('error', [key], { key })
    if (kind === 'chat' || !isRecord(value.input)) return
    for (const key of strangers(value.input, inputKeys)) tell('error', ['input', key], { key })
  },
}

export const unknownMessageKey: MessageRule = {
  id: 'unknown-key',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      for (const key of strangers(message, messageKeys)) tell('error', [...path, index, key], { key })
    })
  },
}

const plainMessageKeys = new Set(['role', 'content', 'weight'])

/** A conversation of roles and texts needs no schema to be seen as one; nearly all of them are that. */
function isPlain({ kind, value, conversations }: LooseLine): boolean {
  if (kind !== 'chat') return false
  for (const key in value) if (key !== 'messages') return false
  const list = value.messages as readonly unknown[]
  return (
    conversations[0]?.messages.every((message, index) => {
      for (const key in message) if (!plainMessageKeys.has(key)) return false
      return message === list[index] && typeof message.content === 'string'
    }) ?? false
  )
}

/** The first thing that does not fit the schema. */
function problemIn({ kind, value }: LooseLine): { path: PropertyKey[]; message: string } | undefined {
  try {
    return (kind === 'chat' ? Example : Preference).safeParse(value).error?.issues[0]
  } catch (thrown) {
    // A hundred thousand problems in one list are more than zod can hand on.
    if (thrown instanceof RangeError) return { path: [], message: 'Too many problems to list.' }
    throw thrown
  }
}

/** The net under the named rules: whatever none of them speaks of must still fit the schema. */
export const badShape: LineRule = {
  id: 'bad-shape',
  check(line, tell) {
    // Roles and weights have rules of their own, which have found nothing when this one is asked.
    if (isPlain(line)) return
    const problem = problemIn(line)
    if (!problem) return
    const path = problem.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    tell('error', path, { at: path.join('.'), reason: problem.message })
  },
}
