import { type Path, pathText, REMOVE } from '../issue.ts'
import { Example, exampleKeys, inputKeys, messageKeys, Preference, preferenceKeys } from '../schema.ts'
import { hasOddCalls } from './call-form.ts'
import { lineMeaning, type Meaning, messageMeaning } from './meanings.ts'
import { reasoningKey } from './reasoning.ts'
import {
  isRecord,
  kindOf,
  type LineRule,
  type LooseLine,
  type LooseObject,
  type MessageRule,
  mendable,
} from './rule.ts'

/** Keys that do not belong into an object. `for in` makes no list of those that do. */
function strangers(object: LooseObject, known: ReadonlySet<string>): string[] {
  const found: string[] = []
  for (const key in object) if (!known.has(key)) found.push(key)
  return found
}

/** A longer key cannot be named in a repair. */
const LONGEST_KEY = 150

/** A key whose meaning is known can be mended; any other goes only by its name, so that nobody loses a text unseen. */
const stranger = (key: string, meaning: Meaning | null) =>
  mendable({ key }, meaning !== null ? 'fix' : key.length > LONGEST_KEY ? null : `${REMOVE}${key}`)

export const unknownKey: LineRule = {
  id: 'unknown-key',
  check(line, tell) {
    const { kind, value } = line
    for (const key of strangers(value, kind === 'chat' ? exampleKeys : preferenceKeys))
      tell('error', [key], stranger(key, lineMeaning(line, key)))
    if (kind === 'chat' || !isRecord(value.input)) return
    for (const key of strangers(value.input, inputKeys)) tell('error', ['input', key], stranger(key, null))
  },
}

export const unknownMessageKey: MessageRule = {
  id: 'unknown-key',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      for (const key of strangers(message, messageKeys))
        if (key !== reasoningKey(message))
          tell('error', [...path, index, key], stranger(key, messageMeaning(message, key)))
    })
  },
}

const plainMessageKeys = new Set(['role', 'content', 'weight'])
const plainRoles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant'])

/** A conversation of known roles and texts, which nearly all are: no rule about shapes has anything to say of it. */
export function isPlain({ kind, value, conversations }: LooseLine): boolean {
  if (kind !== 'chat') return false
  for (const key in value) if (key !== 'messages') return false
  const list = value.messages as readonly unknown[]
  return (
    conversations[0]?.messages.every((message, index) => {
      for (const key in message) if (!plainMessageKeys.has(key)) return false
      return message === list[index] && typeof message.content === 'string' && plainRoles.has(message.role)
    }) ?? false
  )
}

interface ShapeProblem {
  code: string
  path: PropertyKey[]
  expected?: string
}

/** The first thing that does not fit the schema. */
function problemIn({ kind, value }: LooseLine): ShapeProblem | undefined {
  try {
    return (kind === 'chat' ? Example : Preference).safeParse(value).error?.issues[0] as
      | ShapeProblem
      | undefined
  } catch (thrown) {
    // A hundred thousand problems in one list are more than zod can hand on.
    if (thrown instanceof RangeError) return { code: 'many', path: [] }
    throw thrown
  }
}

const wanted: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'object',
  record: 'object',
  boolean: 'boolean',
}

/** What should stand there, as the word its sentence is chosen by. */
function reasonOf({ code, path, expected }: ShapeProblem): string {
  if (code === 'many') return 'many'
  if (code === 'too_small') return 'empty'
  if (path.includes('content')) return 'content'
  if (path.at(-1) === 'type') return 'function'
  return (code === 'invalid_type' && wanted[expected ?? '']) || 'other'
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as LooseObject | undefined)?.[key], value)

/** The net under the named rules: whatever none of them speaks of must still fit the schema. */
export const badShape: LineRule = {
  id: 'bad-shape',
  check(line, tell) {
    const problem = problemIn(line)
    if (!problem) return
    const path = problem.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    const kind = kindOf(valueAt(line.value, path))
    const values = { at: pathText(path), reason: reasonOf(problem), kind }
    tell('error', path, mendable(values, hasOddCalls(line) ? 'fix' : null))
  },
}
