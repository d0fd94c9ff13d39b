import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import type { ServerEvent } from '#lib/http/sse.ts'
import { hasNumbers } from './event-metrics.ts'
import { jobEvents } from './events.ts'
import { getJob } from './get.ts'
import { EVENTS_AT_ONCE, eventFacts, eventsAfter } from './history-store.ts'
import { listJobs } from './list.ts'
import type { LiveMessage } from './schema.ts'
import { isTerminal } from './status.ts'
import { changedSince, findJob, jobRow, lastChange } from './store.ts'
import { asEvent, asJob, asPoints } from './view.ts'

/** Points sent one by one; beyond that the page asks for its whole series again. */
const MOST_POINTS = 500

/** Least ms between two messages; without a change there is none. */
const MIN_INTERVAL = 150

interface Cursor {
  /** Of the change counter of all jobs. */
  change: number
  /** Of the open job's events. */
  seq: number
}

const idOf = ({ change, seq }: Cursor): string => `${change}-${seq}`

const readCursor = (id: string | null | undefined): Cursor | null => {
  const [, change, seq] = /^(\d+)-(\d+)$/.exec(id ?? '') ?? []
  return change && seq ? { change: Number(change), seq: Number(seq) } : null
}

const liveEvent = (message: LiveMessage, cursor: Cursor): ServerEvent => ({
  event: 'live',
  id: idOf(cursor),
  data: message,
})

/** False for a refused job: the list removes it, and it has no page. */
const isJob = async (jobId: string): Promise<boolean> => (await jobRow(jobId)) !== undefined

/** The whole state, for a page that does not say what it already shows. */
async function* snapshot(jobId: string | undefined, cursor: Cursor): AsyncGenerator<ServerEvent> {
  yield liveEvent({ kind: 'jobs', jobs: await listJobs() }, cursor)
  if (jobId === undefined || !(await isJob(jobId))) return
  const detail = await getJob(jobId)
  // The page may have been away for long: it asks for the whole curve again.
  yield liveEvent({ kind: 'job', detail, points: null, events: await jobEvents(jobId) }, cursor)
}

/** The open job, and what its events have added since `seq`. */
async function* jobChanges(jobId: string, cursor: Cursor): AsyncGenerator<ServerEvent> {
  let more = await isJob(jobId)
  while (more) {
    const rows = await eventsAfter(jobId, cursor.seq)
    cursor.seq = rows.at(-1)?.seq ?? cursor.seq
    more = rows.length === EVENTS_AT_ONCE
    const detail = await getJob(jobId)
    // Some servers send metrics in events of other types.
    const added = asPoints(rows).filter(hasNumbers)
    // When a job ends, its result file may add points: only the series is complete then.
    const points = added.length > MOST_POINTS || isTerminal(detail.status) ? null : added
    yield liveEvent({ kind: 'job', detail, points, events: rows.map(asEvent).reverse() }, cursor)
  }
}

const presentCursor = async (jobId: string | undefined): Promise<Cursor> => ({
  change: await lastChange(),
  seq: jobId ? (await eventFacts(jobId)).last : 0,
})

/** What has changed since the cursor, which is then advanced. */
async function* changesSince(cursor: Cursor, jobId: string | undefined): AsyncGenerator<ServerEvent> {
  for (;;) {
    const changed = await changedSince(cursor.change)
    const last = changed.at(-1)
    if (!last) return
    cursor.change = last.change
    if (jobId && changed.some(({ id }) => id === jobId)) yield* jobChanges(jobId, cursor)
    yield liveEvent({ kind: 'jobs', jobs: changed.map(asJob) }, cursor)
  }
}

/**
 * Checks whether a stream may begin: after its first byte no error can be answered.
 * @throws AppError not_found for an unknown job
 */
export async function checkWatched(jobId: string | undefined): Promise<void> {
  if (jobId !== undefined) await findJob(jobId)
}

/**
 * The changes of all jobs, and of one in full, read from the database after a cursor. Nothing is held in memory: a
 * reader may leave and resume with its last id.
 * @param jobId the job whose page is open
 * @param since the id of the last event that the reader has
 * @param lasting goes on until the reader leaves; else it ends after what is new now
 */
export async function* live(
  jobId: string | undefined,
  since: string | null | undefined,
  signal: AbortSignal,
  lasting = true,
): AsyncGenerator<ServerEvent> {
  const waker = new Waker()
  const unsubscribe = onChanges(['jobs'], waker.wake)
  try {
    const known = readCursor(since)
    const cursor = known ?? (await presentCursor(jobId))
    if (!known) yield* snapshot(jobId, cursor)
    while (!signal.aborted) {
      yield* changesSince(cursor, jobId)
      if (!lasting) return
      await waker.sleep({ least: MIN_INTERVAL, signal })
    }
  } finally {
    unsubscribe()
  }
}
