import { QUIZ } from './constants.ts'
import 'server-only'
import { studio } from '#lib/db/studio.ts'
import { succeededWithHeldOut } from '#lib/jobs/models-store.ts'
import type { EvalRecord } from './store.ts'

/** The latest evaluation of a job's checkpoints. */
export const sweepOf = (jobId: string): Promise<EvalRecord | undefined> =>
  studio()
    .selectFrom('evals')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('dataset_id', '!=', QUIZ)
    .orderBy('sweep', 'desc')
    .orderBy('created_at', 'desc')
    .executeTakeFirst()

/** Jobs of which an evaluation is done. */
export async function jobsScored(): Promise<string[]> {
  const found = await studio()
    .selectFrom('evals')
    .select('job_id')
    .distinct()
    .where('dataset_id', '!=', QUIZ)
    .where('state', '=', 'done')
    .execute()
  return found.flatMap(({ job_id }) => job_id ?? [])
}

/** Marks that the evaluation of a job is about to begin: until `clearSweepAttempt`, no start tries it again. */
export async function recordSweepAttempt(jobId: string): Promise<void> {
  await studio().insertInto('eval_sweeps').values({ job_id: jobId, begun_at: Date.now() }).execute()
}

export async function clearSweepAttempt(jobId: string): Promise<void> {
  await studio().deleteFrom('eval_sweeps').where('job_id', '=', jobId).execute()
}

/** Jobs of the built-in engine that have succeeded since a time (ms), and whose checkpoints were not evaluated yet. */
export async function jobsToEvaluate(since: number): Promise<string[]> {
  const jobs = await succeededWithHeldOut(since)
  if (jobs.length === 0) return []
  const known = await studio()
    .selectFrom('eval_sweeps')
    .select('job_id')
    .where('job_id', 'in', jobs)
    .union(
      studio()
        .selectFrom('evals')
        .select('job_id')
        .$narrowType<{ job_id: string }>()
        .where('job_id', 'in', jobs)
        .where('sweep', '=', 1),
    )
    .execute()
  const begun = new Set(known.map(({ job_id }) => job_id))
  return jobs.filter((id) => !begun.has(id))
}
