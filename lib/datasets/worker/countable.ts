import type { CountableExample } from '#lib/tokens/chat.ts'
import { readTurns, type TurnList } from '#lib/training-data/edit.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { checkLine } from '#lib/training-data/validate.ts'

/** The turns of a line that may still be incomplete. */
const turnsIn = (line: string, where: TurnList) =>
  readTurns(line, where)?.map(({ value }) => ({
    role: typeof value.role === 'string' ? value.role : '',
    content: typeof value.content === 'string' ? value.content : '',
    weight: value.weight === 0 ? 0 : 1,
  }))

/** The countable part of a line, even one with errors; null while it is not a conversation. */
export function countable(line: string): CountableExample | null {
  const { example, pair } = checkLine(lineOf(line, 1))
  if (example ?? pair) return example ?? pair
  const messages = turnsIn(line, 'messages')
  if (messages) return { messages }
  const asked = turnsIn(line, 'input.messages')
  if (!asked) return null
  const [preferred_output = [], non_preferred_output = []] = [
    turnsIn(line, 'preferred_output'),
    turnsIn(line, 'non_preferred_output'),
  ]
  return { input: { messages: asked }, preferred_output, non_preferred_output }
}
