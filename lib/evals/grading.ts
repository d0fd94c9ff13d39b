import { keepGrades, ungradedCells } from './cell-store.ts'
import { draftIn } from './get.ts'
import { gradeAnswer } from './graders/client.ts'
import { type Grade, type Grader, notGraded } from './graders/schema.ts'
import type { EvalRecord } from './store.ts'

/** A grader that takes too long, or all the memory, so often in a row is not asked about the other answers. */
const MOST_STUCK = 3

/** Answers that are read at once. */
const BATCH = 20

type Ungraded = Awaited<ReturnType<typeof ungradedCells>>[number]

/** Grades the answers of one evaluation that have come in. They are on the disk: what dies here is begun again. */
export class Grading {
  readonly #graders: readonly Grader[]
  readonly #evalId: string
  /** How often in a row each grader had to be ended. */
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
    // A stop ends the graders as well: the next start asks them again.
    if (signal.aborted) return
    const { place, column_index: column } = cell
    await keepGrades({ evalId: this.#evalId, place, column }, JSON.stringify(grades))
  }

  /** Grades some of them, in the order of the rows. */
  async someMore(signal: AbortSignal): Promise<void> {
    for (const cell of await ungradedCells(this.#evalId, BATCH)) {
      if (signal.aborted) return
      await this.#grade(cell, signal)
    }
  }
}
