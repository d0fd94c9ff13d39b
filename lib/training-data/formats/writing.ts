import { isRecord } from '../is-record.ts'
import { exampleKeys, inputKeys, messageKeys, preferenceKeys, TrainingLine } from '../schema.ts'
import type { Named } from './fields.ts'
import { formats } from './table.ts'
import { Unheld, type Writer, type Written } from './write.ts'
import { targets, type WriteTarget } from './write-target.ts'

const hasUnknownKeys = (value: unknown, known: ReadonlySet<string>): boolean =>
  isRecord(value) && Object.entries(value).some(([key, inner]) => !known.has(key) && inner !== null)

/** Whether the line has more than OpenAI's format, such as reasoning beside the content. */
function saysMore(value: unknown): boolean {
  if (!isRecord(value)) return false
  const pair = 'preferred_output' in value
  const input = pair && isRecord(value.input) ? value.input : value
  const lists = [input.messages, value.preferred_output, value.non_preferred_output]
  return (
    hasUnknownKeys(value, pair ? preferenceKeys : exampleKeys) ||
    (pair && hasUnknownKeys(input, inputKeys)) ||
    lists.some((list) => Array.isArray(list) && list.some((message) => hasUnknownKeys(message, messageKeys)))
  )
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** An object without null members: dumps of tables write null for absent values. */
const withoutNulls = (object: Named): Named =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))

const cleanList = (list: unknown): unknown =>
  Array.isArray(list) ? list.map((message) => (isRecord(message) ? withoutNulls(message) : message)) : list

function cleaned(value: unknown): unknown {
  if (!isRecord(value)) return value
  const {
    messages,
    input,
    preferred_output: better,
    non_preferred_output: worse,
    ...rest
  } = withoutNulls(value)
  const asked = isRecord(input) ? { ...withoutNulls(input), messages: cleanList(input.messages) } : input
  const lists = { messages: cleanList(messages), input: asked }
  const answers = { preferred_output: cleanList(better), non_preferred_output: cleanList(worse) }
  return Object.fromEntries(
    Object.entries({ ...rest, ...lists, ...answers }).filter(([, inner]) => inner !== undefined),
  )
}

/**
 * A row of a dataset in another format.
 * @param text the row's text; null when it is too long to read
 */
export function writeAs(target: WriteTarget, text: string | null): Written {
  const value = cleaned(parsed(text))
  const { data } = TrainingLine.safeParse(value)
  if (!data) return { record: null, lost: ['invalid'] }
  try {
    const write = formats[targets[target]].write as Writer
    const { record, lost } = write(data)
    return { record, lost: saysMore(value) ? [...lost, 'other-fields'] : lost }
  } catch (thrown) {
    if (!(thrown instanceof Unheld)) throw thrown
    return { record: null, lost: [thrown.loss] }
  }
}
