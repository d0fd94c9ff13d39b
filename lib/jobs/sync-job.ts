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
import { checkpointsAt, fileTrouble, ms, newEvents, remoteJob, resultPointsAt } from './remote.ts'
import { isTerminal, type JobFailure } from './schema.ts'
import { bestOf, type MetricsEvent } from './series.ts'
import type { Point } from './series-schema.ts'
import { findJob, type JobRecord, updateJob } from './store.ts'
import { triesOf } from './sync-error.ts'
import { asPoint, asRecord, fillPoints, lossCount, pointAt, sketchOf } from './sync-store.ts'
import { asMetricsEvent } from './view.ts'
import type { RemoteEvent, RemoteJob } from './wire.ts'

/** Failed looks after which a run ends without its result file or checkpoints, when those alone are not to be had. */
const PATIENCE = 5

/** The columns of the run's own row that follow from the provider's job. */
const columnsOf = (remote: RemoteJob) => ({
  remote_id: remote.id,
  status: remote.status,
  model: remote.model,
  fine_tuned_model: remote.fine_tuned_model ?? null,
  trained_tokens: remote.trained_tokens ?? null,
  job_json: JSON.stringify(remote),
})

/** What one look has brought. */
interface News {
  remote: RemoteJob
  events: RemoteEvent[]
  measured: EventMetrics[]
}

/** What kept a part of it from being read; the rest is kept all the same. */
interface Lack {
  thrown: unknown
}

/** New events, or why they cannot be read: what the job itself says does not depend on them. */
async function eventsOf(
  job: JobRecord,
  signal?: AbortSignal,
): Promise<{ events: RemoteEvent[]; lack: Lack | null }> {
  try {
    return { events: await newEvents(job, signal), lack: null }
  } catch (thrown) {
    signal?.throwIfAborted()
    return { events: [], lack: { thrown } }
  }
}

/** What is asked for once, when a run has ended. */
interface End {
  checkpoints: CheckpointRecord[]
  result: Point[]
  fileTroubles: (string | null)[]
}

const NO_END: End = { checkpoints: [], result: [], fileTroubles: [] }

/** The curve of the result file, asked for only where the events did not tell the whole of it. */
async function resultOf(job: JobRecord, { remote, measured }: News, signal?: AbortSignal): Promise<Point[]> {
  const files = remote.result_files ?? []
  if (files.length === 0) return []
  const lost = measured.filter(({ point }) => point.trainLoss !== null).length
  const known = (await lossCount(job.id)) + lost
  const steps = remote.limerick?.total_steps ?? measured.at(-1)?.totalSteps ?? job.total_steps ?? 0
  return steps > 0 && known >= steps ? [] : resultPointsAt(job.provider_id, files, signal)
}

const fromRemote = ({ message, data }: RemoteEvent): MetricsEvent => ({ message, data })

/** What the provider said went wrong, last; looked for among all events, so only once the run has failed. */
async function errorEvent(
  { remote, events }: News,
  jobId: string,
  db?: Db,
): Promise<MetricsEvent | undefined> {
  if (remote.status !== 'failed') return
  const fresh = events.findLast(({ level }) => level === 'error')
  if (fresh) return fromRemote(fresh)
  const kept = await lastErrorEvent(jobId, db)
  return kept && asMetricsEvent(kept)
}

async function filesOf(job: JobRecord, news: News, signal?: AbortSignal): Promise<(string | null)[]> {
  if (!leavesOpen(news.remote, await errorEvent(news, job.id))) return []
  const files = [news.remote.training_file, news.remote.validation_file]
  return Promise.all(files.map((file) => fileTrouble(job.provider_id, file, signal)))
}

/**
 * @param lack why its events could not be read: they belong to its end
 * @throws what kept it from being read, unless that has been so for long: then the run ends without it
 */
async function endOf(job: JobRecord, news: News, lack: Lack | null, signal?: AbortSignal): Promise<End> {
  if (!isTerminal(news.remote.status)) return NO_END
  try {
    if (lack && triesOf(job) < PATIENCE) throw lack.thrown
    const [checkpoints, result, fileTroubles] = await Promise.all([
      checkpointsAt(job, signal),
      resultOf(job, news, signal),
      filesOf(job, news, signal),
    ])
    return { checkpoints, result, fileTroubles }
  } catch (thrown) {
    if (triesOf(job) >= PATIENCE) return NO_END
    throw thrown
  }
}

const MOST_DATA = 64 * 1024

/** An event's data as it is kept: what is absurdly large is left out, its numbers stand among the points. */
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
async function curveColumns(job: JobRecord, { remote, measured }: News, result: Point[], db: Db) {
  const points = [...result, ...measured.map(({ point }) => point)]
  const place = progress(job, remote, measured, result)
  if (points.length === 0) return place
  const known = await pointAt(job.id, job.best_valid_step, db)
  const best = bestOf(known ? [asPoint(known), ...points] : points)
  return {
    ...place,
    ...(best ? { best_valid: best.value, best_valid_step: best.step } : {}),
    curve_json: JSON.stringify(await sketchOf(job.id, place.step ?? 0, db)),
  }
}

/** @param end null: it could not be read yet, so the run is not done and is looked at again */
async function write(jobId: string, news: News, end: End | null, db: Db): Promise<void> {
  const job = await findJob(jobId, db)
  // Somebody else's look was later and saw its end.
  if (job.finished_at !== null) return
  const { remote, events, measured } = news
  const { checkpoints, result, fileTroubles } = end ?? NO_END
  const error = await errorEvent(news, jobId, db)
  await keepEvents(eventRecords(jobId, events), db)
  await keepPoints(
    measured.map(({ point, eventId, notANumber }) => asRecord(jobId, point, eventId, notANumber)),
    db,
  )
  await fillPoints(jobId, result, db)
  const { states, exact } = statesIn(remote)
  await keepStates(jobId, states, exact, db)
  await keepCheckpoints(checkpoints, db)
  const failure = reasonOf(remote, error, fileTroubles)
  const columns = {
    ...columnsOf(remote),
    ...(await curveColumns(job, news, result, db)),
    running_at: runningAt(remote, events, measured, job.running_at),
    finished_at: end ? finishedAt(remote) : null,
    // Nobody looks at it again, to take this back.
    ...(end && isTerminal(remote.status) ? { trouble_json: null } : {}),
    ...(failure ? { error_json: JSON.stringify(failure) } : {}),
  }
  await updateJob(jobId, columns, db)
  if (isTerminal(remote.status)) await settleJob(jobId, columns, db)
}

/**
 * Brings a run up to date with its provider's job: the job, its new events with their points, and at its end its
 * checkpoints, result file and bill, written in one transaction. Nothing is written when nothing changed. The job is
 * kept also when its events cannot be read.
 * @throws APIError as the provider refuses; AppError for an answer that cannot be understood, or none
 */
export async function syncJob(job: JobRecord, signal?: AbortSignal): Promise<void> {
  if (job.remote_id === null) return
  // The job first: when it says that it ended, the events read after it are complete.
  const remote = await remoteJob(job.provider_id, job.remote_id, signal)
  const { events, lack } = await eventsOf(job, signal)
  const ended = isTerminal(remote.status)
  if (events.length === 0 && !ended && JSON.stringify(remote) === job.job_json) {
    if (lack) throw lack.thrown
    return
  }
  const before = (await pointAt(job.id, job.step))?.at ?? remote.limerick?.status_times?.running ?? null
  const news = { remote, events, measured: metricsIn(events, before && Number(before)) }
  const end = await endOf(job, news, lack, signal).catch((thrown: unknown) => ({ thrown }))
  await inTransaction((db) => write(job.id, news, 'thrown' in end ? null : end, db))
  if ('thrown' in end) throw end.thrown
  if (lack && !ended) throw lack.thrown
}

const GONE: JobFailure = {
  code: 'gone',
  ...inEnglish('jobs.gone'),
  param: null,
  line: null,
  row: null,
}

/** Ends a run whose provider does not know it any more. */
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
