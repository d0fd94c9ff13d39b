import { newTurn, readTurns, setKey, writeTurns } from '#lib/training-data/edit.ts'
import { isRecord } from '#lib/training-data/is-record.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The system prompt of a line; null: none, or not a conversation. */
export function systemPromptOf(text: string | null): string | null {
  const value = parsed(text ?? '')
  if (!isRecord(value)) return null
  const { messages } = isRecord(value.input) ? value.input : value
  if (!Array.isArray(messages)) return null
  const turn = messages.find(
    (message) => isRecord(message) && (message.role === 'system' || message.role === 'developer'),
  )
  return typeof turn?.content === 'string' ? turn.content : null
}

const isInstruction = ({ role }: Readonly<Record<string, unknown>>): boolean =>
  role === 'system' || role === 'developer'

/** A changed line. */
interface Prompted {
  line: string
  /** Its beginning up to the first unchanged turn, before and after; null when the change is elsewhere. */
  head: readonly [from: string, to: string] | null
}

/** Removes the common end of both lines, from the turn after the instruction on. */
function headOf(text: string, line: string, next: string | undefined): Prompted['head'] {
  const rest = next === undefined ? '' : text.slice(text.indexOf(next))
  if (rest === '' || !line.endsWith(rest)) return null
  return [text.slice(0, -rest.length), line.slice(0, -rest.length)]
}

/**
 * A line with another system prompt; everything else keeps its bytes.
 * @param to empty: remove the turn
 * @returns the same text when there is nothing to change
 */
export function withSystem(text: string, to: string): Prompted {
  const chat = readTurns(text)
  const list = chat ? 'messages' : 'input.messages'
  const turns = chat ?? readTurns(text, list)
  const at = turns?.findIndex(({ value }) => isInstruction(value)) ?? -1
  const old = turns?.[at]
  const isDone = to === '' ? !old : old?.value.content === to
  if (!turns || isDone) return { line: text, head: null }
  const raws = turns.map(({ raw }) => raw)
  const fresh = to === '' ? [] : [old ? setKey(old.raw, 'content', to) : newTurn('system', to)]
  const line = writeTurns(text, raws.toSpliced(Math.max(0, at), old ? 1 : 0, ...fresh), list)
  return { line, head: at === 0 ? headOf(text, line, raws[1]) : null }
}
