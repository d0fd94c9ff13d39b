import { JobSyncError } from './schema.ts'
import { type JobRecord, updateJob } from './store.ts'

type SyncedJob = Pick<JobRecord, 'id' | 'trouble_json'>

export const syncErrorOf = ({ trouble_json }: Pick<JobRecord, 'trouble_json'>): JobSyncError | null =>
  trouble_json === null ? null : (JobSyncError.safeParse(JSON.parse(trouble_json)).data ?? null)

/** Failed polls in a row, as stored. */
export const triesOf = (job: Pick<JobRecord, 'trouble_json'>): number => syncErrorOf(job)?.tries ?? 0

/**
 * Stores why a job cannot be synced, null for no error. Written only when it changed: every write is sent to all pages.
 */
export async function keepSyncError(job: SyncedJob, error: JobSyncError | null): Promise<void> {
  const trouble_json = error && JSON.stringify(error)
  if (trouble_json !== job.trouble_json) await updateJob(job.id, { trouble_json })
}
