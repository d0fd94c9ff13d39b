import { AppError } from '#lib/core/errors.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { viewJob } from './list.ts'
import { changeRemote } from './remote.ts'
import type { Job } from './schema.ts'
import { isTerminal } from './status.ts'
import { findJob } from './store.ts'
import { syncJob } from './sync-job.ts'

/**
 * Pauses a job at its provider, or puts it back into the queue there, by one request, and syncs the result. A job that
 * trains is `pausing` until its step is saved.
 * @throws AppError not_found; invalid where the provider cannot; conflict for a job that has ended or was never
 * acknowledged; the provider's error
 */
export async function changeJob(jobId: string, change: 'pause' | 'resume'): Promise<Job> {
  const job = await findJob(jobId)
  if (!capabilitiesOf(ProviderId.parse(job.provider_id)).pause) throw new AppError('invalid', 'jobs.noPause')
  if (isTerminal(job.status)) throw new AppError('conflict', ['jobs.alreadyEnded', { status: job.status }])
  if (job.remote_id === null) throw new AppError('conflict', 'jobs.notAcknowledged')
  await changeRemote(job.provider_id, job.remote_id, change)
  await syncJob(job)
  return viewJob(jobId)
}
