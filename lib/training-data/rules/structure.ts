import { isRecord } from '../is-record.ts'
import { type Path, pathText, REMOVE } from '../issue.ts'
import { Example, exampleKeys, inputKeys, messageKeys, Preference, preferenceKeys } from '../schema.ts'
import { hasOddCalls } from './call-form.ts'
import { lineMeaning, type Meaning, messageMeaning } from './meanings.ts'
import { reasoningKey } from './reasoning.ts'
import { kindOf, type LineRule, type LooseLine, type LooseObject, type MessageRule, withFix } from './rule.ts'

/** Unknown keys of an object. `for in` is cheap: it makes no list of the known ones. */
function unknownKeysIn(object: LooseObject, known: ReadonlySet<string>): string[] {
  const found: string[] = []
  for (const key in object) if (!known.has(key)) found.push(key)
  return found
}

/** Longest key that the name of a fix can hold. */
const LONGEST_KEY = 150

/** The fix of a key with a known meaning moves it; any other key is removed only by name, so no text is lost unseen. */
const unknownKeyValues = (key: string, meaning: Meaning | null) =>
  withFix({ key }, meaning !== null ? 'fix' : key.length > LONGEST_KEY ? null : `${REMOVE}${key}`)

export const unknownKey: LineRule = {
  id: 'unknown-key',
  check(line, tell) {
    const { kind, value } = line
    for (const key of unknownKeysIn(value, kind === 'chat' ? exampleKeys : preferenceKeys))
      tell('error', [key], unknownKeyValues(key, lineMeaning(line, key)))
    if (kind === 'chat' || !isRecord(value.input)) return
    for (const key of unknownKeysIn(value.input, inputKeys))
      tell('error', ['input', key], unknownKeyValues(key, null))
  },
}

export const unknownMessageKey: MessageRule = {
  id: 'unknown-key',
  check({ path, messages }, tell) {
    messages.forEach((message, index) => {
      for (const key of unknownKeysIn(message, messageKeys))
        if (key !== reasoningKey(message))
          tell('error', [...path, index, key], unknownKeyValues(key, messageMeaning(message, key)))
    })
  },
}

const plainMessageKeys = new Set(['role', 'content', 'weight'])
const plainRoles: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant'])

/** Whether a line is a conversation of known roles and texts, as nearly all are: it passes all rules on shape. */
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

function problemIn({ kind, value }: LooseLine): ShapeProblem | undefined {
  try {
    return (kind === 'chat' ? Example : Preference).safeParse(value).error?.issues[0] as
      | ShapeProblem
      | undefined
  } catch (thrown) {
    // zod cannot collect a hundred thousand issues of one list.
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

/** The expected kind of value: the key of its sentence. */
function reasonOf({ code, path, expected }: ShapeProblem): string {
  if (code === 'many') return 'many'
  if (code === 'too_small') return 'empty'
  if (path.includes('content')) return 'content'
  if (path.at(-1) === 'type') return 'function'
  return (code === 'invalid_type' && wanted[expected ?? '']) || 'other'
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as LooseObject | undefined)?.[key], value)

/** Fallback after the other rules: the line must fit the schema. */
export const badShape: LineRule = {
  id: 'bad-shape',
  check(line, tell) {
    const problem = problemIn(line)
    if (!problem) return
    const path = problem.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    const kind = kindOf(valueAt(line.value, path))
    const values = { at: pathText(path), reason: reasonOf(problem), kind }
    tell('error', path, withFix(values, hasOddCalls(line) ? 'fix' : null))
  },
}
