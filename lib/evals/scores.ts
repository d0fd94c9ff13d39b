import { getJob } from '#lib/jobs/get.ts'
import { checkpointEvalDraft } from './checkpoint-evals.ts'
import { sweepOf } from './checkpoint-evals-store.ts'
import { differenceOf } from './compare.ts'
import { getEval } from './get.ts'
import type { ColumnScore, Difference, EvalPage, Scores, StepScore } from './schema.ts'
import { levelOf } from './scoring.ts'
import { holm } from './significance.ts'

/** A job's checkpoints and its final model among the columns of an evaluation, by step. */
export function stepsOf(columns: readonly ColumnScore[], jobId: string): StepScore[] {
  // When a provider does not count steps, the result is placed at its last checkpoint.
  const lastKnown = Math.max(0, ...columns.map(({ step }) => step ?? 0))
  return columns
    .flatMap(({ index, jobId: maker, kind, step, model, overall }) =>
      maker === jobId && kind !== 'other'
        ? [{ step: step ?? lastKnown, model, column: index, final: kind === 'final', score: overall }]
        : [],
    )
    .toSorted((a, b) => a.step - b.step)
}

/** The highest; of equals the earliest. */
function bestOf(steps: readonly StepScore[]): StepScore | null {
  const scored = steps.filter(({ score }) => levelOf(score) !== null)
  const [first] = scored
  if (!first) return null
  return scored.reduce(
    (best, one) => ((levelOf(one.score) ?? 0) > (levelOf(best.score) ?? 0) ? one : best),
    first,
  )
}

const isBase = ({ kind }: ColumnScore): boolean => kind === 'base'

/**
 * The best one compared with others. It was picked on the rows that it is reported on, so its lead is partly luck:
 * p-values are corrected as for all checkpoints that might have been picked, by Bonferroni when one is fixed (the last
 * one, the base model), by Holm against the next best, which is no more fixed than the best itself. A separate half of
 * the rows would do too, but leaves too few: most evaluations have thirty to fifty.
 */
async function besideOthers(
  { id, graders }: EvalPage,
  columns: readonly ColumnScore[],
  best: ColumnScore,
  last: ColumnScore,
): Promise<Difference | null> {
  const others = columns.filter((column) => column !== best)
  const beside = (other: ColumnScore) => differenceOf(id, graders, best.index, other.index)
  if (best !== last) return corrected(await beside(last), others.length)
  const found = (await Promise.all(others.map(beside))).filter((one) => one !== null)
  const ps = holm(found.map(({ p }) => p))
  const [next] = found
    .map((difference, index) => ({ ...difference, p: ps[index] ?? 1 }))
    .toSorted((a, b) => a.by - b.by || b.p - a.p)
  return next ?? null
}

const corrected = (difference: Difference | null, comparisons: number): Difference | null =>
  difference && { ...difference, p: Math.min(1, difference.p * comparisons) }

/** The scores of a job without an evaluation: maybe an offer. */
async function unscored(jobId: string): Promise<Scores> {
  const job = await getJob(jobId)
  return {
    jobId,
    evalId: null,
    state: null,
    graders: [],
    base: null,
    steps: [],
    best: null,
    lastIsBest: null,
    besideOthers: null,
    besideBase: null,
    tookMs: 0,
    offer: job.providerId === 'embedded' ? null : await checkpointEvalDraft(job),
  }
}

/**
 * Scores of a job's base model, checkpoints and result on held-out rows.
 * @throws AppError not_found
 */
export async function scoresOf(jobId: string): Promise<Scores> {
  const record = await sweepOf(jobId)
  if (!record) return unscored(jobId)
  const page = await getEval(record.id, { limit: 0 })
  const { id, state, columns, graders } = page
  const steps = stepsOf(columns, jobId)
  // The best is known only when all have been answered.
  const best = state === 'running' ? null : bestOf(steps)
  const [last, base] = [steps.at(-1), columns.find(isBase)]
  const asked = steps.flatMap(({ column }) => columns[column] ?? [])
  const columnOf = (one: StepScore | null | undefined) => (one ? columns[one.column] : undefined)
  const [bestColumn, lastColumn] = [columnOf(best), columnOf(last)]
  const compares = bestColumn !== undefined && lastColumn !== undefined
  return {
    jobId,
    evalId: id,
    state,
    graders,
    base: base?.overall ?? null,
    steps,
    best: best?.step ?? null,
    lastIsBest: best && last ? best === last : null,
    besideOthers: compares ? await besideOthers(page, asked, bestColumn, lastColumn) : null,
    besideBase:
      compares && base
        ? corrected(await differenceOf(id, graders, bestColumn.index, base.index), steps.length)
        : null,
    tookMs: page.tookMs,
    offer: null,
  }
}
