import { meanInterval, wilson } from '#lib/interval.ts'
import type { Grade, Grader } from './graders/schema.ts'
import type { PinnedColumn } from './plan.ts'
import type { ColumnScore, GraderScore, Score } from './schema.ts'
import type { CellFigures } from './store.ts'

/** Graders that say how much, not only whether. */
const isGradual = ({ kind }: Grader): boolean => kind === 'similarity'

/** null while the answer is not graded yet. */
export const gradesIn = ({ grades_json }: Pick<CellFigures, 'grades_json'>): Grade[] | null =>
  grades_json === null ? null : (JSON.parse(grades_json) as Grade[])

const present = (values: readonly (number | null)[]): number[] => values.flatMap((value) => value ?? [])

/** @param verdicts one for each answer, null for one that was not graded */
function scoreOf(verdicts: readonly (boolean | null)[]): Score {
  const n = verdicts.filter((passed) => passed !== null).length
  const passed = verdicts.filter((one) => one === true).length
  return {
    passed,
    n,
    notGraded: verdicts.length - n,
    share: n === 0 ? null : passed / n,
    interval: wilson(passed, n),
    mean: null,
    meanInterval: null,
  }
}

function graderScore(grader: Grader, grades: readonly Grade[]): GraderScore {
  const score = { grader, ...scoreOf(grades.map(({ passed }) => passed)) }
  const values = present(grades.map((grade) => grade.score))
  if (!isGradual(grader) || values.length === 0) return score
  return {
    ...score,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    meanInterval: meanInterval(values),
  }
}

/** Whether all of them let an answer through; null when none refuses it and one could not grade it. */
export function allPassed(grades: readonly Grade[]): boolean | null {
  if (grades.some(({ passed }) => passed === false)) return false
  return grades.some(({ passed }) => passed === null) ? null : true
}

/** @param grades of each answer, one for each grader */
function overallOf(scores: readonly GraderScore[], grades: readonly Grade[][]): Score {
  const [only] = scores
  return only && scores.length === 1 ? only : scoreOf(grades.map(allPassed))
}

/** What a score is compared by: the mean where there is one, else the share. */
export const levelOf = ({ mean, share }: Score): number | null => mean ?? share

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return null
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

const total = (values: readonly (number | null)[]): number =>
  present(values).reduce((sum, value) => sum + value, 0)

/** A column and all that its cells come to. */
export function columnScore(
  column: PinnedColumn,
  index: number,
  graders: readonly Grader[],
  cells: readonly CellFigures[],
): ColumnScore {
  const own = cells.filter((cell) => cell.column_index === index)
  const grades = own.flatMap((cell) => {
    const all = cell.state === 'answered' ? gradesIn(cell) : null
    return all ? [all] : []
  })
  const answers = own.filter(({ state }) => state === 'answered')
  const ended = own.filter(({ answer_id, state }) => answer_id !== null && state !== 'asked')
  const count = (...states: string[]) => own.filter(({ state }) => states.includes(state)).length
  const scores = graders.map((grader, at) =>
    graderScore(
      grader,
      grades.flatMap((all) => all[at] ?? []),
    ),
  )
  return {
    ...column,
    index,
    scores,
    overall: overallOf(scores, grades),
    answered: answers.length,
    interrupted: count('interrupted'),
    failed: count('failed'),
    lost: count('lost'),
    skipped: count('skipped'),
    waiting: count('waiting', 'asked'),
    promptTokens: total(ended.map((cell) => cell.prompt_tokens)),
    cachedTokens: total(ended.map((cell) => cell.cached_tokens)),
    completionTokens: total(ended.map((cell) => cell.completion_tokens)),
    cost: ended.some(({ cost }) => cost === null) ? null : total(ended.map(({ cost }) => Number(cost))),
    fromCache: own.filter(({ from_cache }) => from_cache === 1).length,
    medianFirstTokenMs: median(present(answers.map((cell) => cell.first_token_ms))),
    medianMs: median(present(answers.map((cell) => cell.total_ms))),
  }
}
