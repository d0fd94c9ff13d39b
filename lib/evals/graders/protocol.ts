import type { WireError } from '#lib/core/errors.ts'
import type { Grade, Grader } from './schema.ts'

/** An answer, and the expected one: null if there is none. */
export interface Graded {
  answer: string
  expected: string | null
  /** The beginning of the last question; null if there is none. */
  question: string | null
}

/** Requests to the grading process, one at a time. */
export type GradingRequest =
  | { kind: 'grade'; grader: Grader; graded: Graded }
  | { kind: 'try'; grader: Grader }

/** `ready` once, when its tables are read. */
export type GradingReport =
  | { kind: 'ready' }
  | { kind: 'graded'; grade: Grade }
  | { kind: 'tried'; error: WireError | null }
