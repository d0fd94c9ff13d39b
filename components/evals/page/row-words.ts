import type { EvalRow } from '#lib/evals/schema.ts'

/** What was asked last, which is what a row is about. */
export const questionOf = ({ messages }: EvalRow): string =>
  messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? ''
