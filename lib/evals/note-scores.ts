import { failure, logInternal } from '#lib/http/failure.ts'
import { jobsWithoutScores, keepScores } from '#lib/jobs/scores-store.ts'
import { jobsScored, sweepOf } from './checkpoint-evals-store.ts'
import { getEval } from './get.ts'
import { stepsOf } from './scores.ts'
import { levelOf } from './scoring.ts'

/** Stores the scores of a job's latest evaluation with the job, once it is done; without an evaluation, none. */
export async function noteScores(jobId: string): Promise<void> {
  const record = await sweepOf(jobId)
  if (!record) return keepScores(jobId, [], null)
  if (record.state !== 'done') return
  const { columns } = await getEval(record.id, { limit: 0 })
  const scored = stepsOf(columns, jobId).filter(({ score }) => score.n > 0)
  const final = scored.find((one) => one.final)
  await keepScores(
    jobId,
    scored.map(({ step, model, score: { passed, n, interval, mean, meanInterval } }) => ({
      ...{ step, model, passed, n, interval, mean, meanInterval },
    })),
    final ? levelOf(final.score) : null,
  )
}

/** Catches up on evaluations that ended before scores were stored, or just before a crash. */
export async function noteEarlierScores(): Promise<void> {
  for (const jobId of await jobsWithoutScores(await jobsScored()))
    await noteScores(jobId).catch((thrown: unknown) => logInternal(failure(thrown)))
}
