import { AppError } from '#lib/errors.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { mirror } from './mirror.ts'
import { isTerminal, type Job } from './schema.ts'
import { findJob, jobRow } from './store.ts'
import { asJob } from './view.ts'

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
  const row = await jobRow(jobId)
  if (!row) throw new AppError('not_found', 'There is no run with this id.')
  return asJob(row)
}
