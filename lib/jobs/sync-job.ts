import { type Db, inTransaction } from '#lib/db/studio.ts'
import { inEnglish } from '#lib/i18n/error-words.ts'
import { settleJob } from './billing.ts'
import { type EventMetrics, metricsIn } from './event-metrics.ts'
import { leavesOpen, reasonOf } from './failure-reason.ts'
import {
  type CheckpointRecord,
  keepCheckpoints,
  keepEvents,
  keepStates,
  lastErrorEvent,
} from './history-store.ts'
import { keepPoints } from './points-store.ts'
import { finishedAt, progress, runningAt, statesIn } from './progress.ts'
import {
  checkpointRecords,
  checkpointsAt,
  fileError,
  ms,
  newEvents,
  remoteJob,
  resultPointsAt,
} from './remote.ts'
import type { JobFailure } from './schema.ts'
import { bestOf, type MetricsEvent } from './series.ts'
import type { Point } from './series-schema.ts'
import { isTerminal } from './status.ts'
import { findJob, type JobRecord, jobOfRemote, updateJob } from './store.ts'
import { triesOf } from './sync-error.ts'
import { asPoint, asRecord, fillPoints, lossCount, pointAt, sparklineOf } from './sync-store.ts'
import { asMetricsEvent } from './view.ts'
import type { RemoteEvent, RemoteJob } from './wire.ts'

/** After this many failed polls a job ends without its result file or checkpoints, if only those are missing. */
const PATIENCE = 5

/** The columns of the job's own row that follow from the provider's job. */
const columnsOf = (remote: RemoteJob) => ({
  remote_id: remote.id,
  status: remote.status,
  model: remote.model,
  fine_tuned_model: remote.fine_tuned_model ?? null,
  trained_tokens: remote.trained_tokens ?? null,
  job_json: JSON.stringify(remote),
})

/** What one poll has read. */
interface PollResult {
  remote: RemoteJob
  events: RemoteEvent[]
  measured: EventMetrics[]
}

/** Why the events could not be read; the rest is stored anyway. */
interface EventsFailure {
  thrown: unknown
}

/** New events, or why they cannot be read: the job's own fields do not depend on them. */
async function eventsOf(
  job: JobRecord,
  signal?: AbortSignal,
): Promise<{ events: RemoteEvent[]; eventsFailure: EventsFailure | null }> {
  try {
    return { events: await newEvents(job, signal), eventsFailure: null }
  } catch (thrown) {
    signal?.throwIfAborted()
    return { events: [], eventsFailure: { thrown } }
  }
}

/** What is read once, when a job has ended. */
interface End {
  checkpoints: CheckpointRecord[]
  result: Point[]
  fileErrors: (string | null)[]
}

const NO_END: End = { checkpoints: [], result: [], fileErrors: [] }

/** The curve of the result file, read only when the events did not have every step. */
async function resultOf(
  job: JobRecord,
  { remote, measured }: PollResult,
  signal?: AbortSignal,
): Promise<Point[]> {
  const files = remote.result_files ?? []
  if (files.length === 0) return []
  const lost = measured.filter(({ point }) => point.trainLoss !== null).length
  const known = (await lossCount(job.id)) + lost
  const steps = remote.limerick?.total_steps ?? measured.at(-1)?.totalSteps ?? job.total_steps ?? 0
  return steps > 0 && known >= steps ? [] : resultPointsAt(job.provider_id, files, signal)
}

const fromRemote = ({ message, data }: RemoteEvent): MetricsEvent => ({ message, data })

/** The provider's last error; it searches all events, so only for a failed job. */
async function errorEvent(
  { remote, events }: PollResult,
  jobId: string,
  db?: Db,
): Promise<MetricsEvent | undefined> {
  if (remote.status !== 'failed') return
  const fresh = events.findLast(({ level }) => level === 'error')
  if (fresh) return fromRemote(fresh)
  const kept = await lastErrorEvent(jobId, db)
  return kept && asMetricsEvent(kept)
}

async function filesOf(job: JobRecord, polled: PollResult, signal?: AbortSignal): Promise<(string | null)[]> {
  if (!leavesOpen(polled.remote, await errorEvent(polled, job.id))) return []
  const files = [polled.remote.training_file, polled.remote.validation_file]
  return Promise.all(files.map((file) => fileError(job.provider_id, file, signal)))
}

/**
 * @param eventsFailure why its events could not be read: the end needs them
 * @throws what could not be read; after `PATIENCE` polls the job ends without it instead
 */
async function endOf(
  job: JobRecord,
  polled: PollResult,
  eventsFailure: EventsFailure | null,
  signal?: AbortSignal,
): Promise<End> {
  if (!isTerminal(polled.remote.status)) return NO_END
  try {
    if (eventsFailure && triesOf(job) < PATIENCE) throw eventsFailure.thrown
    const [checkpoints, result, fileErrors] = await Promise.all([
      checkpointsAt(job, signal),
      resultOf(job, polled, signal),
      filesOf(job, polled, signal),
    ])
    return { checkpoints, result, fileErrors }
  } catch (thrown) {
    if (triesOf(job) >= PATIENCE) return NO_END
    throw thrown
  }
}

const MOST_DATA = 64 * 1024

/** An event's data as JSON; left out when absurdly large, since its numbers are stored as points. */
function dataOf({ data }: RemoteEvent): string | null {
  const json = data === undefined ? null : JSON.stringify(data)
  return json !== null && json.length > MOST_DATA ? null : json
}

const eventRecords = (jobId: string, events: readonly RemoteEvent[]) =>
  events.map((event) => ({
    job_id: jobId,
    id: event.id,
    created_at: ms(event.created_at),
    level: event.level,
    type: event.type ?? null,
    message: event.message,
    data_json: dataOf(event),
  }))

/** The columns that follow from the curve, read by a few keys however long it is. */
async function curveColumns(job: JobRecord, { remote, measured }: PollResult, result: Point[], db: Db) {
  const points = [...result, ...measured.map(({ point }) => point)]
  const place = progress(job, remote, measured, result)
  if (points.length === 0) return place
  const known = await pointAt(job.id, job.best_valid_step, db)
  const best = bestOf(known ? [asPoint(known), ...points] : points)
  return {
    ...place,
    ...(best ? { best_valid: best.value, best_valid_step: best.step } : {}),
    curve_json: JSON.stringify(await sparklineOf(job.id, place.step ?? 0, db)),
  }
}

/** @param end null: it could not be read yet, so the job stays active and is polled again */
async function write(jobId: string, polled: PollResult, end: End | null, db: Db): Promise<void> {
  const job = await findJob(jobId, db)
  // Another poll was later and has stored the end.
  if (job.finished_at !== null) return
  const { remote, events, measured } = polled
  const { checkpoints, result, fileErrors } = end ?? NO_END
  const error = await errorEvent(polled, jobId, db)
  await keepEvents(eventRecords(jobId, events), db)
  await keepPoints(
    measured.map(({ point, eventId, notANumber }) => asRecord(jobId, point, eventId, notANumber)),
    db,
  )
  await fillPoints(jobId, result, db)
  const { states, exact } = statesIn(remote)
  await keepStates(jobId, states, exact, db)
  await keepCheckpoints(checkpoints, db)
  const failure = reasonOf(remote, error, fileErrors)
  const columns = {
    ...columnsOf(remote),
    ...(await curveColumns(job, polled, result, db)),
    running_at: runningAt(remote, events, measured, job.running_at),
    finished_at: end ? finishedAt(remote) : null,
    // No later poll would clear it.
    ...(end && isTerminal(remote.status) ? { trouble_json: null } : {}),
    ...(failure ? { error_json: JSON.stringify(failure) } : {}),
  }
  await updateJob(jobId, columns, db)
  if (isTerminal(remote.status)) await settleJob(jobId, columns, db)
}

/**
 * Syncs a job with its provider: the remote job, its new events with their points, and at its end its checkpoints,
 * result file and bill, in one transaction. Nothing is written when nothing changed. The job is stored even when its
 * events cannot be read.
 * @throws APIError as the provider answers; AppError for an answer that cannot be understood, or none
 */
export async function syncJob(job: JobRecord, signal?: AbortSignal): Promise<void> {
  if (job.remote_id === null) return
  // The job first: if it has ended, the events read after it are complete.
  const remote = await remoteJob(job.provider_id, job.remote_id, signal)
  const { events, eventsFailure } = await eventsOf(job, signal)
  const ended = isTerminal(remote.status)
  if (events.length === 0 && !ended && JSON.stringify(remote) === job.job_json) {
    if (eventsFailure) throw eventsFailure.thrown
    return
  }
  const before = (await pointAt(job.id, job.step))?.at ?? remote.limerick?.status_times?.running ?? null
  const polled = { remote, events, measured: metricsIn(events, before && Number(before)) }
  const end = await endOf(job, polled, eventsFailure, signal).catch((thrown: unknown) => ({ thrown }))
  await inTransaction((db) => write(job.id, polled, 'thrown' in end ? null : end, db))
  if ('thrown' in end) throw end.thrown
  if (eventsFailure && !ended) throw eventsFailure.thrown
}

/** A job that has ended, as it was served. */
interface Ended {
  remote: RemoteJob
  events: RemoteEvent[]
  checkpoints: readonly unknown[]
  /** The curve of its result file. */
  result: Point[]
}

/** Stores the history of a job in the list without asking its provider; what is stored stays. */
export async function storeEnded(
  providerId: string,
  { remote, events, checkpoints, result }: Ended,
): Promise<void> {
  const polled = { remote, events, measured: metricsIn(events, null) }
  await inTransaction(async (db) => {
    const job = await jobOfRemote(providerId, remote.id, db)
    if (!job) return
    const end = { checkpoints: checkpointRecords(job.id, checkpoints), result, fileErrors: [] }
    await write(job.id, polled, end, db)
  })
}

const GONE: JobFailure = {
  code: 'gone',
  ...inEnglish('jobs.gone'),
  param: null,
  line: null,
  row: null,
}

/** Ends a job that its provider no longer knows. */
export const markGone = (jobId: string): Promise<void> =>
  inTransaction(async (db) => {
    const job = await findJob(jobId, db)
    if (job.finished_at !== null) return
    const status = isTerminal(job.status) ? job.status : 'failed'
    const error = status === 'failed' ? { error_json: JSON.stringify(GONE) } : {}
    const end = { status, ...error, finished_at: Date.now(), trouble_json: null }
    await updateJob(jobId, end, db)
    await settleJob(jobId, { ...job, ...end }, db)
  })
