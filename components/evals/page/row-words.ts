import type { EvalRow } from '#lib/evals/schema.ts'
import type { View } from './address.ts'

/** The last user message: the question of the row. */
export const questionOf = ({ messages }: EvalRow): string =>
  messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? ''

/** Column indexes of the two answers shown side by side. */
export function sidesOf({ left, right }: Pick<View, 'left' | 'right'>, columns: number): [number, number] {
  const last = columns - 1
  return [Math.min(left ?? 0, last), Math.min(right ?? last, last)]
}
