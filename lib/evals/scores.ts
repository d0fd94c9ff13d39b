import { getJob } from '#lib/jobs/get.ts'
import { getEval } from './get.ts'
import type { ColumnScore, Score, Scores, StepScore } from './schema.ts'
import { levelOf } from './scoring.ts'
import { sweepOf } from './store.ts'
import { sweepDraft } from './sweep.ts'

function stepsOf(columns: readonly ColumnScore[], jobId: string): StepScore[] {
  // A provider that does not count its steps: what it ended with stands where the last snapshot does.
  const lastKnown = Math.max(0, ...columns.map(({ step }) => step ?? 0))
  return columns
    .flatMap(({ jobId: maker, kind, step, model, overall }) =>
      maker === jobId && kind !== 'other'
        ? [{ step: step ?? lastKnown, model, final: kind === 'final', score: overall }]
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

const rangeOf = ({ mean, meanInterval, interval }: Score) =>
  mean === null ? interval : (meanInterval ?? { low: 0, high: 1 })

const apart = (best: Score, last: Score): boolean => rangeOf(best).low > rangeOf(last).high

/**
 * How a run's base, checkpoints and end score on rows that they have not seen.
 * @throws AppError not_found
 */
export async function scoresOf(jobId: string): Promise<Scores> {
  const job = await getJob(jobId)
  const record = await sweepOf(jobId)
  if (!record) {
    const nothing = { evalId: null, state: null, graders: [], base: null, steps: [], best: null }
    const offer = job.providerId === 'embedded' ? null : await sweepDraft(job)
    return { jobId, ...nothing, lastIsBest: null, certain: false, offer }
  }
  const { id, state, columns, graders } = await getEval(record.id, { limit: 0 })
  const steps = stepsOf(columns, jobId)
  const [best, last] = [bestOf(steps), steps.at(-1)]
  return {
    ...{ jobId, evalId: id, state, steps, offer: null },
    graders,
    base: columns.find(({ kind }) => kind === 'base')?.overall ?? null,
    best: best?.step ?? null,
    lastIsBest: best && last ? best === last : null,
    certain: best && last ? best !== last && apart(best.score, last.score) : false,
  }
}
