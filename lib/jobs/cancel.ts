import { AppError } from '#lib/errors.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { viewJob } from './list.ts'
import { mirror } from './mirror.ts'
import { isTerminal, type Job } from './schema.ts'
import { findJob } from './store.ts'

/**
 * Ends a run at its provider and mirrors what became of it.
 * @throws AppError not_found; conflict for a run that has ended or was never acknowledged; the provider's refusal
 */
export async function cancelJob(jobId: string): Promise<Job> {
  const job = await findJob(jobId)
  if (isTerminal(job.status)) throw new AppError('conflict', `This run has already ended: ${job.status}.`)
  if (job.remote_id === null) {
    throw new AppError(
      'conflict',
      'The provider has not acknowledged this run yet, so there is nothing to cancel there.',
    )
  }
  await client(job.provider_id).fineTuning.jobs.cancel(job.remote_id, { signal: briefly() })
  await mirror(await findJob(jobId))
  return viewJob(jobId)
}
