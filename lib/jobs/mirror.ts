import { client } from '#lib/providers/client.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { keepCheckpoints, keepEvents, keepStates, lastErrorEvent, metricEvents } from './history-store.ts'
import { checkpointsAt, ms, newEvents, resultPointsAt } from './remote.ts'
import { isTerminal, type JobFailure, type Point } from './schema.ts'
import { merge, pointsOf, sketch, stepOf, type Told } from './series.ts'
import { inTransaction, type JobRecord, updateJob } from './store.ts'
import { told } from './view.ts'
import { type RemoteEvent, RemoteJob } from './wire.ts'

/** Above this many steps the curve of the list is drawn once, at the end. */
const LIVE_CURVE = 2_000

/** The example and line that a failure names, from our engine's own data or from the provider's words. */
function place(message: string, event: Told | undefined): { line: number | null; row: number | null } {
  const data = event?.data as { limerick?: { line?: number; row?: number | null } } | null | undefined
  const words = /\bline (\d+)\)?/i.exec(message)
  const example = /\bExample (\d+)/.exec(message)
  return {
    line: data?.limerick?.line ?? (words ? Number(words[1]) : null),
    row: data?.limerick?.row ?? (example ? Number(example[1]) : null),
  }
}

/** One reason out of two places: providers put it in the job, in an error event, or in only one of them. */
function failureOf(remote: RemoteJob, event: Told | undefined): JobFailure | null {
  if (remote.status !== 'failed') return null
  const data = event?.data as { error_code?: string; error_param?: string } | null | undefined
  const message = remote.error?.message || event?.message || 'The provider gave no reason.'
  return {
    code: remote.error?.code ?? data?.error_code ?? null,
    message,
    param: remote.error?.param ?? data?.error_param ?? null,
    ...place(message, event),
  }
}

/** Statuses with the time each began: the provider's own where it tells them, else the moment we see it. */
function statesIn({ status, limerick, finished_at }: RemoteJob): {
  exact: boolean
  states: { status: string; at: number }[]
} {
  const times = limerick?.status_times
  if (times) return { exact: true, states: Object.entries(times).map(([name, at]) => ({ status: name, at })) }
  const at = isTerminal(status) && finished_at ? ms(finished_at) : Date.now()
  return { exact: false, states: [{ status, at }] }
}

/** The wire's whole seconds may lie before the creation of a short run: our engine's own times are preferred. */
const finishedAt = ({ status, finished_at, limerick }: RemoteJob): number | null => {
  if (!isTerminal(status)) return null
  return limerick?.status_times?.[status] ?? (finished_at ? ms(finished_at) : Date.now())
}

/** The columns of the run's own row that follow from the provider's job. */
const columnsOf = (remote: RemoteJob) => ({
  remote_id: remote.id,
  status: remote.status,
  model: remote.model,
  fine_tuned_model: remote.fine_tuned_model ?? null,
  trained_tokens: remote.trained_tokens ?? null,
  finished_at: finishedAt(remote),
  job_json: JSON.stringify(remote),
})

function progress(remote: RemoteJob, events: RemoteEvent[], result: Point[]) {
  const last = events.map(stepOf).findLast((at) => at !== null)
  const end = result.at(-1)
  return {
    ...(end ? { step: end.step, total_steps: end.step, last_loss: end.trainLoss } : {}),
    ...(last ? { step: last.step } : {}),
    ...(last?.data.train_loss != null ? { last_loss: last.data.train_loss } : {}),
    ...(last?.totalSteps || remote.limerick?.total_steps
      ? { total_steps: last?.totalSteps ?? remote.limerick?.total_steps }
      : {}),
  }
}

async function curveOf(
  job: JobRecord,
  ended: boolean,
  result: Point[],
  db: Parameters<typeof metricEvents>[1],
): Promise<{ curve_json?: string }> {
  if (!ended && (job.total_steps ?? 0) > LIVE_CURVE) return {}
  const points = merge(result, pointsOf((await metricEvents(job.id, db)).map(told)))
  return { curve_json: JSON.stringify(sketch(points)) }
}

/** The curve of the result file, asked for only where the events did not tell the whole of it. */
async function resultOf(job: JobRecord, remote: RemoteJob, events: RemoteEvent[]): Promise<Point[]> {
  const file = remote.result_files?.[0]
  if (!file) return []
  const points = pointsOf([...(await metricEvents(job.id)).map(told), ...events])
  const steps = remote.limerick?.total_steps ?? job.total_steps ?? 1
  return points.length >= steps ? [] : resultPointsAt(client(job.provider_id), file)
}

/**
 * Brings a run up to date with its provider's job: the job, its new events and at its end its checkpoints, written
 * in one transaction. Nothing is written when nothing changed.
 * @throws APIError as the provider refuses, or when it cannot be reached
 */
export async function mirror(job: JobRecord): Promise<void> {
  const remoteId = job.remote_id
  if (remoteId === null) return
  const { jobs } = client(job.provider_id).fineTuning
  // The job first: when it says that it ended, the events read after it are complete.
  const remote = RemoteJob.parse(await jobs.retrieve(remoteId, { signal: briefly() }))
  const events = await newEvents(jobs, job.id, remoteId)
  const columns = columnsOf(remote)
  if (events.length === 0 && columns.job_json === job.job_json) return
  const ended = isTerminal(remote.status)
  const checkpoints = ended ? await checkpointsAt(jobs, job.id, remoteId) : []
  const result = ended ? await resultOf(job, remote, events) : []
  await inTransaction(async (db) => {
    await keepEvents(
      events.map((event) => ({
        job_id: job.id,
        id: event.id,
        created_at: ms(event.created_at),
        level: event.level,
        type: event.type ?? null,
        message: event.message,
        data_json: event.data === undefined ? null : JSON.stringify(event.data),
      })),
      db,
    )
    const { states, exact } = statesIn(remote)
    await keepStates(job.id, states, exact, db)
    await keepCheckpoints(checkpoints, db)
    const error = await lastErrorEvent(job.id, db)
    const failure = failureOf(remote, error && told(error))
    await updateJob(
      job.id,
      {
        ...columns,
        ...progress(remote, events, result),
        ...(await curveOf(job, ended, result, db)),
        ...(result.length > 0 ? { result_json: JSON.stringify(result) } : {}),
        ...(failure ? { error_json: JSON.stringify(failure) } : {}),
      },
      db,
    )
  })
}
