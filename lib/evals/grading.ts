import { keepGrades, ungradedCells } from './cell-store.ts'
import { draftIn } from './get.ts'
import { gradeAnswer } from './graders/client.ts'
import { type Grade, type Grader, notGraded } from './graders/schema.ts'
import type { EvalRecord } from './store.ts'

/** After so many timeouts or crashes in a row a grader is skipped for the other answers. */
const MOST_STUCK = 3

/** Answers that are read at once. */
const BATCH = 20

type Ungraded = Awaited<ReturnType<typeof ungradedCells>>[number]

/** Grades the stored answers of one evaluation. After a crash, grading starts again from the database. */
export class Grading {
  readonly #graders: readonly Grader[]
  readonly #evalId: string
  /** Timeouts and crashes in a row, for each grader. */
  readonly #stuck: number[]

  constructor(record: EvalRecord) {
    this.#evalId = record.id
    this.#graders = draftIn(record).graders
    this.#stuck = this.#graders.map(() => 0)
  }

  async #gradeBy(index: number, { text, expected, question }: Ungraded): Promise<Grade> {
    const grader = this.#graders[index]
    const stuck = this.#stuck[index] ?? 0
    if (!grader || stuck >= MOST_STUCK) return notGraded('skipped')
    const grade = await gradeAnswer(grader, { answer: text, expected, question })
    const { fault } = grade.detail
    this.#stuck[index] = fault === 'late' || fault === 'died' ? stuck + 1 : 0
    return grade
  }

  async #grade(cell: Ungraded, signal: AbortSignal): Promise<void> {
    const grades: Grade[] = []
    for (const index of this.#graders.keys()) grades.push(await this.#gradeBy(index, cell))
    // A stop ends the graders too: the next start grades again.
    if (signal.aborted) return
    const { place, column_index: column } = cell
    await keepGrades({ evalId: this.#evalId, place, column }, JSON.stringify(grades))
  }

  /** Grades a batch, in the order of the rows. */
  async someMore(signal: AbortSignal): Promise<void> {
    for (const cell of await ungradedCells(this.#evalId, BATCH)) {
      if (signal.aborted) return
      await this.#grade(cell, signal)
    }
  }
}
