import { meanInterval, wilson } from '#lib/core/interval.ts'
import type { Grade, Grader } from './graders/schema.ts'
import type { PinnedColumn } from './plan.ts'
import type { ColumnScore, GraderScore, Score } from './schema.ts'
import type { ColumnCount, ColumnFigures, GraderSums } from './scores-store.ts'

/** Graders with a gradual score, not only pass or fail. */
export const isGradual = ({ kind }: Grader): boolean => kind === 'similarity'

/** Whether the evaluation's own score is a mean: that of its only grader. */
export const isMean = (graders: readonly Grader[]): boolean => graders.length === 1 && graders.some(isGradual)

/** null while the answer is not graded yet. */
export const gradesIn = ({ grades_json }: { grades_json: string | null }): Grade[] | null =>
  grades_json === null ? null : (JSON.parse(grades_json) as Grade[])

/** Whether an answer passes every grader; null when no grader fails it and one could not grade it. */
export function allPassed(grades: readonly Grade[]): boolean | null {
  if (grades.some(({ passed }) => passed === false)) return false
  return grades.some(({ passed }) => passed === null) ? null : true
}

/** @param n answers that count */
const shareOf = (passed: number, n: number, notGraded: number): Score => ({
  passed,
  n,
  notGraded,
  share: n === 0 ? null : passed / n,
  interval: wilson(passed, n),
  mean: null,
  meanInterval: null,
})

function graderScore(grader: Grader, sums: GraderSums | undefined): GraderScore {
  const { passed = 0, judged = 0, all = 0, n = 0, sum = 0, squares = 0 } = sums ?? {}
  const score = { grader, ...shareOf(passed, judged, all - judged) }
  if (!isGradual(grader) || n === 0) return score
  return { ...score, mean: sum / n, meanInterval: meanInterval(n, sum, squares) }
}

/** The number that a score is compared by: the mean if there is one, else the share. */
export const levelOf = ({ mean, share }: Score): number | null => mean ?? share

/** The database's counts for one column. */
export interface Counted {
  counts: ColumnCount | undefined
  figures: ColumnFigures | undefined
  /** One for each grader that graded something. */
  graders: readonly GraderSums[]
}

/** Answers that passed every grader; with one grader its own score. */
function overallOf(scores: readonly GraderScore[], counts: ColumnCount | undefined): Score {
  const [only] = scores
  if (only && scores.length === 1) {
    const { grader: _, ...score } = only
    return score
  }
  // Nothing scores a recording.
  if (!only) return shareOf(0, 0, 0)
  const graded = Math.max(0, ...scores.map(({ n, notGraded }) => n + notGraded))
  return shareOf(counts?.passed ?? 0, counts?.judged ?? 0, graded - (counts?.judged ?? 0))
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[middle - 1], sorted[middle]]
  if (high === undefined) return null
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}

/** A column with the scores and figures of its cells. */
export function columnScore(
  column: PinnedColumn,
  index: number,
  graders: readonly Grader[],
  { counts, figures, graders: sums }: Counted,
): ColumnScore {
  const scores = graders.map((grader, at) =>
    graderScore(
      grader,
      sums.find((one) => one.grader === at),
    ),
  )
  return {
    ...column,
    index,
    scores,
    overall: overallOf(scores, counts),
    answered: counts?.answered ?? 0,
    interrupted: counts?.interrupted ?? 0,
    failed: counts?.failed ?? 0,
    lost: counts?.lost ?? 0,
    skipped: counts?.skipped ?? 0,
    waiting: counts?.open ?? 0,
    promptTokens: figures?.promptTokens ?? 0,
    cachedTokens: figures?.cachedTokens ?? 0,
    completionTokens: figures?.completionTokens ?? 0,
    cost: figures && figures.unpriced > 0 ? null : (figures?.cost ?? 0),
    fromCache: figures?.fromCache ?? 0,
    medianFirstTokenMs: median(figures?.firstTokenMs ?? []),
    medianMs: median(figures?.totalMs ?? []),
  }
}
