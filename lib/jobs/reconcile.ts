import { newJobId } from '#lib/ids.ts'
import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { keepStates } from './history-store.ts'
import { viewJob } from './list.ts'
import { type Origin, originOf } from './origin.ts'
import { ms } from './remote.ts'
import type { Job } from './schema.ts'
import {
  type Db,
  findJob,
  insertJob,
  inTransaction,
  type JobRecord,
  jobsWhoseLaunch,
  knownRemotes,
  markUnknown,
  maybeJob,
  type NewJob,
  updateJob,
} from './store.ts'
import { INTENT, RemoteJob } from './wire.ts'

/** The run is the provider's job from now on. */
export async function adopt(jobId: string, remote: RemoteJob, within?: Db): Promise<void> {
  const write = async (db: Db) => {
    await keepStates(jobId, [{ status: remote.status, at: Date.now() }], false, db)
    await updateJob(
      jobId,
      { launch: 'known', remote_id: remote.id, status: remote.status, model: remote.model },
      db,
    )
  }
  await (within ? write(within) : inTransaction(write))
}

/** `ft:base:organisation:suffix:id` */
const suffixIn = (model: string | null | undefined): string | null => model?.split(':')[3] || null

/** A run for a job that none of ours stands for: created by other code, or before we were here. */
const strangerOf = (providerId: string, remote: RemoteJob, origin: Origin): NewJob => ({
  ...origin,
  id: newJobId(),
  provider_id: providerId,
  remote_id: remote.id,
  launch: 'found',
  request_hash: '',
  request_json: '{}',
  status: remote.status,
  model: remote.model,
  suffix: remote.user_provided_suffix ?? suffixIn(remote.fine_tuned_model),
  created_at: ms(remote.created_at),
  updated_at: Date.now(),
})

const isKnown = async (providerId: string, remote: RemoteJob, db: Db): Promise<boolean> =>
  (await knownRemotes(providerId, [remote.id], db)).size > 0

/** Whether a run of ours stands for the job: it did before, or it carries the intent of one whose answer we never had. */
const reclaim = (providerId: string, remote: RemoteJob): Promise<boolean> =>
  inTransaction(async (db) => {
    if (await isKnown(providerId, remote, db)) return true
    const intent = remote.metadata?.[INTENT]
    const ours = intent ? await maybeJob(intent, db) : undefined
    if (!ours || ours.remote_id !== null || ours.launch === 'refused') return false
    await adopt(ours.id, remote, db)
    return true
  })

/** Takes in a job that no run of ours had. Only a stranger's is asked where it comes from: that may read its file. */
export async function welcome(providerId: string, remote: RemoteJob): Promise<void> {
  if (await reclaim(providerId, remote)) return
  const stranger = strangerOf(providerId, remote, await originOf(providerId, remote))
  await inTransaction(async (db) => {
    if (!(await isKnown(providerId, remote, db))) await insertJob(stranger, db)
  })
}

/** Looks at the provider for the job of an intent. Servers without the filter are believed only where the metadata says so. */
async function lookUp({ id, provider_id }: JobRecord): Promise<RemoteJob | null> {
  const page = await client(provider_id).fineTuning.jobs.list(
    { limit: 100, metadata: { [INTENT]: id } },
    { signal: briefly() },
  )
  const jobs = page.data.flatMap((served) => RemoteJob.safeParse(served).data ?? [])
  return jobs.find(({ metadata }) => metadata?.[INTENT] === id) ?? null
}

/**
 * Asks the provider what became of a run whose answer was lost, and takes what is found as the run. Sends nothing.
 * @throws AppError not_found; the provider's refusal
 */
export async function reconcileJob(jobId: string): Promise<Job> {
  const job = await findJob(jobId)
  if (job.remote_id === null) {
    const remote = await lookUp(job)
    if (remote) await adopt(jobId, remote)
  }
  return viewJob(jobId)
}

const NOT_SENT = {
  code: 'not_sent',
  message: 'Limerick was stopped before this run was sent. Nothing was started anywhere: run it again.',
  param: null,
  line: null,
  row: null,
}

/**
 * After a start: what was written down and never sent ends truthfully; what was sent without an answer is unknown.
 * @param began ms when this process began: what was written since is under way
 */
export async function settleInterrupted(began: number): Promise<void> {
  for (const job of await jobsWhoseLaunch(['intent', 'sent'])) {
    if (job.updated_at >= began) continue
    if (job.launch === 'sent') await markUnknown(job.id)
    else
      await updateJob(job.id, {
        launch: 'known',
        status: 'failed',
        error_json: JSON.stringify(NOT_SENT),
        finished_at: Date.now(),
      })
  }
}

/** Runs whose creation may or may not have happened. */
export const unknownJobs = (): Promise<JobRecord[]> => jobsWhoseLaunch(['unknown'])
