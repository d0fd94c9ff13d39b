import type { WireError } from '#lib/core/errors.ts'
import type { Grade, Grader } from './schema.ts'

/** An answer, and the one that was expected: null where there is none. */
export interface Graded {
  answer: string
  expected: string | null
  /** The beginning of what was asked last; null where nothing was. */
  question: string | null
}

/** What the studio asks the grading process for: one thing at a time. */
export type GradingRequest =
  | { kind: 'grade'; grader: Grader; graded: Graded }
  | { kind: 'try'; grader: Grader }

/** `ready` once, when its tables are read. */
export type GradingReport =
  | { kind: 'ready' }
  | { kind: 'graded'; grade: Grade }
  | { kind: 'tried'; error: WireError | null }
