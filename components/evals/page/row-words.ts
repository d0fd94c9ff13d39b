import type { EvalRow } from '#lib/evals/schema.ts'
import type { View } from './address.ts'

/** What was asked last, which is what a row is about. */
export const questionOf = ({ messages }: EvalRow): string =>
  messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? ''

/** Places of the two answers that stand beside each other. */
export function sidesOf({ left, right }: Pick<View, 'left' | 'right'>, columns: number): [number, number] {
  const last = columns - 1
  return [Math.min(left ?? 0, last), Math.min(right ?? last, last)]
}
