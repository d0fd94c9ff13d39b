import { readTurns, type Turn, turnListsOf } from '#lib/training-data/edit.ts'
import { textOf } from '#lib/training-data/schema.ts'

/** A message whose text a change rewrites, adds (`before` empty) or removes (`after` empty). */
export interface ChangedTurn {
  /** Position among the shown messages of the line. */
  index: number
  role: string
  before: string
  after: string
}

const turnsOf = (line: string): Turn[] => turnListsOf(line).flatMap((list) => readTurns(line, list) ?? [])

const roleOf = (turn: Turn | undefined): string => String(turn?.value.role ?? '')

const wordsOf = (turn: Turn | undefined): string => {
  const { content } = turn?.value ?? {}
  return typeof content === 'string' || Array.isArray(content) ? textOf(content) : ''
}

const isSame = (one: Turn | undefined, other: Turn | undefined): boolean => one?.raw === other?.raw

/**
 * The messages in which two lines differ; null where the lines differ in more than the text of messages, so that only their
 * JSON shows it.
 */
export function changedTurns(before: string, after: string): ChangedTurn[] | null {
  const [old, now] = [turnsOf(before), turnsOf(after)]
  // A system prompt comes first: the other messages move by one.
  const shift = now.length - old.length
  if (old.length === 0 || Math.abs(shift) > 1) return null
  const length = Math.max(old.length, now.length)
  const pairs = Array.from({ length }, (_, index): [Turn | undefined, Turn | undefined] => [
    old[index - Math.max(0, shift)],
    now[index + Math.min(0, shift)],
  ])
  const changed = pairs.flatMap(([one, other], index) => {
    if (isSame(one, other)) return []
    const role = roleOf(other) || roleOf(one)
    return { index, role, before: wordsOf(one), after: wordsOf(other) }
  })
  return changed.some((turn) => turn.before === turn.after) ? null : changed
}
