/**
 * The grading process: models' answers and users' patterns are evaluated here, never on the studio's thread. Speaks
 * protocol.ts over IPC, and is killed when it takes too long.
 */

import { Script } from 'node:vm'
import { AppError } from '#lib/core/errors.ts'
import { judgeOf, tryGrader } from './grade.ts'
import { GRADING_LIMIT } from './limit.ts'
import type { Graded, GradingReport, GradingRequest } from './protocol.ts'
import { type Grade, type Grader, notGraded } from './schema.ts'

/** Graders of one evaluation are used in turn. */
const MOST_KEPT = 16

const judges = new Map<string, ReturnType<typeof judgeOf>>()

function judgeFor(grader: Grader): ReturnType<typeof judgeOf> {
  const name = JSON.stringify(grader)
  const judge = judges.get(name) ?? judgeOf(grader)
  if (judges.size >= MOST_KEPT) judges.clear()
  judges.set(name, judge)
  return judge
}

const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

function grade(grader: Grader, { answer, expected, question }: Graded): Grade {
  try {
    return judgeFor(grader)(answer, expected, question ?? '')
  } catch (thrown) {
    return notGraded('threw', wordsOf(thrown))
  }
}

function tried(grader: Grader): GradingReport {
  try {
    tryGrader(grader)
    return { kind: 'tried', error: null }
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : new AppError('invalid', { message: wordsOf(thrown) })
    return { kind: 'tried', error: error.toWire() }
  }
}

const reportOn = (request: GradingRequest): GradingReport =>
  request.kind === 'try'
    ? tried(request.grader)
    : { kind: 'graded', grade: grade(request.grader, request.graded) }

/** If the studio was killed, no parent ends this process: long after its limit it ends itself. */
const ORPHAN_LIMIT = 5 * GRADING_LIMIT
const shelf = globalThis as { gradingTask?: () => GradingReport }
const script = new Script('gradingTask()')

function limited(task: () => GradingReport): GradingReport {
  shelf.gradingTask = task
  return script.runInThisContext({ timeout: ORPHAN_LIMIT })
}

const tell = (report: GradingReport): void => void process.send?.(report)

process.on('message', (request: GradingRequest) => tell(limited(() => reportOn(request))))
process.on('disconnect', () => process.exit(0)) // nobody is left to grade for
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole family; the parent decides what it means
tell({ kind: 'ready' })
