import { newJobId } from '#lib/core/ids.ts'
import { type Db, inTransaction } from '#lib/db/studio.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import { noteRefusal, refuseDuringBackoff } from '#lib/providers/backoff.ts'
import { INTENT } from '#lib/providers/intent.ts'
import { askJson, MOST_PAGE } from '#lib/providers/request.ts'
import { release, reopen, settleInterruptedAnswers } from '#lib/providers/spend.ts'
import { keepStates } from './history-store.ts'
import { type Lineage, lineageOf, type ReadFile } from './lineage.ts'
import { viewJob } from './list.ts'
import { fits, suffixOf } from './match-remote-job.ts'
import { ms } from './remote.ts'
import type { Job, JobFailure } from './schema.ts'
import { NOT_SENT, settleAllSplits, settleSplits } from './split-lock-store.ts'
import { isListed } from './status.ts'
import {
  findJob,
  insertJob,
  type JobRecord,
  jobsLeftBehind,
  jobsWhoseLaunch,
  knownRemotes,
  markUnknown,
  maybeJob,
  type NewJob,
  updateJob,
} from './store.ts'
import { RemoteJob, RemoteList } from './wire.ts'

/** Makes the remote job ours, even if the job had been given up. */
export async function adopt(jobId: string, remote: RemoteJob, within?: Db): Promise<void> {
  const write = async (db: Db) => {
    await keepStates(jobId, [{ status: remote.status, at: Date.now() }], false, db)
    await updateJob(
      jobId,
      {
        launch: 'known',
        remote_id: remote.id,
        status: remote.status,
        model: remote.model,
        error_json: null,
        finished_at: null,
      },
      db,
    )
    await settleSplits(await findJob(jobId, db), db)
  }
  await (within ? write(within) : inTransaction(write))
}

/** A new job for a remote one that other code created, or that is older than this installation. */
const foreignJob = (providerId: string, remote: RemoteJob, origin: Lineage): NewJob & Lineage => ({
  ...origin,
  id: newJobId(),
  provider_id: providerId,
  remote_id: remote.id,
  launch: 'found',
  request_hash: '',
  request_json: '{}',
  status: remote.status,
  model: remote.model,
  suffix: suffixOf(remote),
  created_at: ms(remote.created_at),
  updated_at: Date.now(),
})

const isKnown = async (providerId: string, remote: RemoteJob, db: Db): Promise<boolean> =>
  (await knownRemotes(providerId, [remote.id], db)).size > 0

/** Jobs of a provider whose creation was sent and not answered. */
const unanswered = async (providerId: string, db?: Db): Promise<JobRecord[]> =>
  (await jobsWhoseLaunch(['sent', 'unknown'], db)).filter(({ provider_id }) => provider_id === providerId)

/** Makes the remote job this job's, unless either was settled meanwhile. */
async function claim({ id, provider_id }: JobRecord, remote: RemoteJob, db: Db): Promise<boolean> {
  const { launch, remote_id } = await findJob(id, db)
  if (remote_id !== null || !isListed(launch) || (await isKnown(provider_id, remote, db))) return false
  await adopt(id, remote, db)
  await reopen(id, db)
  return true
}

/**
 * Whether the remote job belongs to one of ours: it did before, or it carries the intent of a job whose answer was
 * lost. A job that only looks like such a one is left to `reconcileJob`.
 */
const reclaim = (providerId: string, remote: RemoteJob): Promise<boolean> =>
  inTransaction(async (db) => {
    if (await isKnown(providerId, remote, db)) return true
    const intent = remote.metadata?.[INTENT]
    if (!intent) return (await unanswered(providerId, db)).some((job) => fits(job, remote))
    const ours = await maybeJob(intent, db)
    return ours !== undefined && claim(ours, remote, db)
  })

/**
 * Adds a remote job that we do not know. Its lineage is looked up only for other code's jobs: that may read the file.
 */
export async function adoptJob(providerId: string, remote: RemoteJob, read?: ReadFile): Promise<void> {
  if (await reclaim(providerId, remote)) return
  const stranger = foreignJob(providerId, remote, await lineageOf(providerId, remote, read))
  await inTransaction(async (db) => {
    if (await isKnown(providerId, remote, db)) return
    await insertJob(stranger, db)
    await settleSplits({ ...stranger, validation_dataset_id: null }, db)
  })
}

async function servedAt(providerId: string, filter: Record<string, string> = {}): Promise<unknown[]> {
  const question = { path: ['fine_tuning', 'jobs'], query: { limit: 100, ...filter }, most: MOST_PAGE }
  const { data } = await askJson(providerId, 'jobs', RemoteList, question)
  return data ?? []
}

const jobsIn = (served: readonly unknown[]): RemoteJob[] =>
  served.flatMap((one) => RemoteJob.safeParse(one).data ?? [])

/** The only remote job that fits, at a server that keeps no metadata; undefined if there are several. */
async function onlyFit(job: JobRecord, jobs: RemoteJob[]): Promise<RemoteJob | null> {
  const fitting = jobs.filter((remote) => fits(job, remote))
  const known = await knownRemotes(
    job.provider_id,
    fitting.map(({ id }) => id),
  )
  const [found, ...more] = fitting.filter(({ id }) => !known.has(id))
  if (!found || more.length > 0) return null
  const rivals = (await unanswered(job.provider_id)).filter(({ id }) => id !== job.id)
  return rivals.some((rival) => fits(rival, found)) ? null : found
}

/** A job that was found; `none`: the provider certainly has none; null: unknown. */
type Found = RemoteJob | 'none' | null

/** Looks up the remote job of an intent: by its metadata, or by what was sent and when. */
async function lookUp(job: JobRecord): Promise<Found> {
  const { id, provider_id } = job
  const served = await servedAt(provider_id, { [`metadata[${INTENT}]`]: id })
  const marked = jobsIn(served)
  const own = marked.find(({ metadata }) => metadata?.[INTENT] === id)
  if (own) return own
  // Our own engine keeps metadata and filters by it: an empty list is certain.
  if (provider_id === 'embedded' && served.length === 0) return 'none'
  // An empty answer may come from a server that filters, or from one that keeps no metadata to filter by.
  return onlyFit(job, marked.length > 0 ? marked : jobsIn(await servedAt(provider_id)))
}

async function ask(job: JobRecord): Promise<Found> {
  await refuseDuringBackoff(job.provider_id)
  try {
    return await lookUp(job)
  } catch (thrown) {
    await noteRefusal(job.provider_id, thrown)
    throw thrown
  }
}

const UNSENT = {
  code: NOT_SENT,
  ...inEnglish('jobs.notSent'),
  param: null,
  line: null,
  row: null,
}

const NOT_RECEIVED = {
  ...UNSENT,
  ...inEnglish('jobs.notReceived'),
}

async function endUnsent(id: string, reason: JobFailure, db: Db): Promise<void> {
  const error_json = JSON.stringify(reason)
  await updateJob(id, { launch: 'known', status: 'failed', error_json, finished_at: Date.now() }, db)
  await release(id, db)
  await settleSplits(await findJob(id, db), db)
}

/** Ends a job that our engine never received. If its creation arrives later, the job is found and goes on. */
const endUnreceived = (id: string): Promise<void> =>
  inTransaction(async (db) => {
    // The creation may still be under way, or the job was found meanwhile.
    if ((await findJob(id, db)).launch === 'unknown') await endUnsent(id, NOT_RECEIVED, db)
  })

/**
 * Looks up what became of a job whose answer was lost and links what is found; a job that our own engine never had ends
 * as failed. Creates nothing.
 * @throws AppError not_found; rate_limited or provider_refused during the provider's backoff; the provider's error
 */
export async function reconcileJob(jobId: string): Promise<Job> {
  const job = await findJob(jobId)
  if (job.remote_id === null) {
    const found = await ask(job)
    if (found === 'none') await endUnreceived(jobId)
    else if (found) await inTransaction((db) => claim(job, found, db))
  }
  return viewJob(jobId)
}

/**
 * After a start: intents that were never sent end as such and cost nothing; those sent without an answer become
 * unknown. Jobs of this start are left alone: they are under way.
 */
export async function settleInterrupted(): Promise<void> {
  await settleInterruptedAnswers()
  for (const { id, launch } of await jobsLeftBehind(['intent', 'sent']))
    await (launch === 'sent' ? markUnknown(id) : inTransaction((db) => endUnsent(id, UNSENT, db)))
  await inTransaction(settleAllSplits)
}

/** Jobs whose creation may or may not have happened. */
export const unknownJobs = (): Promise<JobRecord[]> => jobsWhoseLaunch(['unknown'])
