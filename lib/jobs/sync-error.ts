import { JobTrouble } from './schema.ts'
import { type JobRecord, updateJob } from './store.ts'

type SyncedJob = Pick<JobRecord, 'id' | 'trouble_json'>

export const syncErrorOf = ({ trouble_json }: Pick<JobRecord, 'trouble_json'>): JobTrouble | null =>
  trouble_json === null ? null : (JobTrouble.safeParse(JSON.parse(trouble_json)).data ?? null)

/** Looks in a row that have failed, as far as it is known. */
export const triesOf = (job: Pick<JobRecord, 'trouble_json'>): number => syncErrorOf(job)?.tries ?? 0

/** Keeps why a run cannot be followed, null for nothing. Written only when it changed: every write is told to all pages. */
export async function keepSyncError(job: SyncedJob, error: JobTrouble | null): Promise<void> {
  const trouble_json = error && JSON.stringify(error)
  if (trouble_json !== job.trouble_json) await updateJob(job.id, { trouble_json })
}
