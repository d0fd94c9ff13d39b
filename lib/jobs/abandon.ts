import { AppError } from '#lib/core/errors.ts'
import { inTransaction } from '#lib/db/studio.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import { release } from '#lib/providers/spend.ts'
import { viewJob } from './list.ts'
import type { Job, JobFailure } from './schema.ts'
import { findJob, updateJob } from './store.ts'

const ABANDONED: JobFailure = {
  code: 'abandoned',
  ...inEnglish('jobs.abandoned'),
  param: null,
  line: null,
  row: null,
}

/**
 * Ends a job that was never found at its provider as failed and releases its reservation. If the provider's job appears
 * later, it becomes this job again.
 * @throws AppError not_found; conflict when the provider has acknowledged the job
 */
export async function abandonJob(jobId: string): Promise<Job> {
  await inTransaction(async (db) => {
    const { launch } = await findJob(jobId, db)
    if (launch !== 'unknown') throw new AppError('conflict', 'jobs.notUnknown')
    const error_json = JSON.stringify(ABANDONED)
    await updateJob(jobId, { launch: 'known', status: 'failed', error_json, finished_at: Date.now() }, db)
    await release(jobId, db)
  })
  return viewJob(jobId)
}
