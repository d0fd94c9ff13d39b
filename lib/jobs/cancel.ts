import { AppError } from '#lib/core/errors.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { eachJob } from './each-job.ts'
import { viewJob } from './list.ts'
import { cancelRemote } from './remote.ts'
import type { CancelDraft, Job, Outcome } from './schema.ts'
import { isTerminal } from './status.ts'
import { findJob, type JobRecord } from './store.ts'
import { syncJob } from './sync-job.ts'

/** Whether to ask for the partly trained model: only providers that can keep it are asked. */
const keeps = ({ provider_id }: JobRecord, { keep }: CancelDraft): boolean =>
  keep && capabilitiesOf(ProviderId.parse(provider_id)).stopKeeping

/**
 * Cancels a job at its provider, by one request that is never repeated (`providers/client.ts`), and syncs the result. An error of the provider, or a lost answer, is ignored when the
 * job has ended.
 * @throws AppError not_found; conflict for a job that has ended or was never acknowledged; the provider's error
 */
export async function cancelJob(jobId: string, draft: CancelDraft = { keep: false }): Promise<Job> {
  const job = await findJob(jobId)
  if (isTerminal(job.status)) throw new AppError('conflict', ['jobs.alreadyEnded', { status: job.status }])
  if (job.remote_id === null) {
    throw new AppError('conflict', 'jobs.notAcknowledged')
  }
  const refusal = await cancelRemote(job.provider_id, job.remote_id, keeps(job, draft)).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  )
  const seen = await syncJob(job).then(
    () => null,
    (thrown: unknown) => ({ thrown }),
  )
  const view = await viewJob(jobId)
  if (refusal && !isTerminal(view.status)) throw refusal.thrown
  if (seen && !refusal) throw seen.thrown
  return view
}

/** Cancels jobs, each by itself. */
export const cancelJobs = (jobIds: readonly string[]): Promise<Outcome> =>
  eachJob(jobIds, (id) => cancelJob(id))
