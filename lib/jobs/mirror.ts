import type OpenAI from 'openai'
import { client } from '#lib/providers/client.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { isTerminal, type JobFailure, type Point } from './schema.ts'
import { pointsOf, sketch, stepOf } from './series.ts'
import {
  type CheckpointRecord,
  inTransaction,
  type JobRecord,
  keepCheckpoints,
  keepEvents,
  keepStates,
  knownEvents,
  metricEvents,
  updateJob,
} from './store.ts'
import { told } from './view.ts'
import { RemoteCheckpoint, RemoteEvent, RemoteJob } from './wire.ts'

/** Events asked for at once. */
const PAGE = 100

/** Pages read in one look at most: what is missing then is read by the next looks. */
const MAX_PAGES = 200

/** Above this many steps the curve of the list is drawn once, at the end. */
const LIVE_CURVE = 2_000

const ms = (seconds: number): number => seconds * 1000

type Jobs = OpenAI.FineTuning.Jobs

/**
 * Events that are new to us, oldest first. Reads the newest page first and stops at the first known event;
 * a server that ignores `after` serves the same page again, which is seen by its ids.
 */
async function newEvents(jobs: Jobs, job: JobRecord, remoteId: string): Promise<RemoteEvent[]> {
  const found = new Map<string, RemoteEvent>()
  let after: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await jobs.listEvents(remoteId, { limit: PAGE, after }, { signal: briefly() })
    const events = answer.data.flatMap((served) => RemoteEvent.safeParse(served).data ?? [])
    const known = await knownEvents(
      job.id,
      events.map(({ id }) => id),
    )
    const fresh = events.filter(({ id }) => !known.has(id) && !found.has(id))
    for (const event of fresh) found.set(event.id, event)
    if (fresh.length < events.length || events.length === 0 || !answer.has_more) break
    after = events.at(-1)?.id
  }
  return [...found.values()].reverse()
}

async function checkpointsAt(jobs: Jobs, job: JobRecord, remoteId: string): Promise<CheckpointRecord[]> {
  const { data } = await jobs.checkpoints.list(remoteId, { limit: 100 }, { signal: briefly() })
  return data
    .flatMap((served) => RemoteCheckpoint.safeParse(served).data ?? [])
    .map((checkpoint) => ({
      job_id: job.id,
      id: checkpoint.id,
      step: checkpoint.step_number,
      model: checkpoint.fine_tuned_model_checkpoint,
      metrics_json: JSON.stringify(checkpoint.metrics),
      created_at: ms(checkpoint.created_at),
    }))
}

/** The example and line that a failure names, from our engine's own data or from the provider's words. */
function place(message: string, events: RemoteEvent[]): { line: number | null; row: number | null } {
  const data = events.find(({ level }) => level === 'error')?.data as
    | { limerick?: { line?: number; row?: number | null } }
    | null
    | undefined
  const words = /\bline (\d+)\)?/i.exec(message)
  const example = /\bExample (\d+)/.exec(message)
  return {
    line: data?.limerick?.line ?? (words ? Number(words[1]) : null),
    row: data?.limerick?.row ?? (example ? Number(example[1]) : null),
  }
}

/** One reason out of two places: providers put it in the job, in an error event, or in only one of them. */
export function failureOf(remote: RemoteJob, events: RemoteEvent[]): JobFailure | null {
  if (remote.status !== 'failed') return null
  const event = events.findLast(({ level }) => level === 'error')
  const data = event?.data as { error_code?: string; error_param?: string } | null | undefined
  const message = remote.error?.message || event?.message || 'The provider gave no reason.'
  return {
    code: remote.error?.code ?? data?.error_code ?? null,
    message,
    param: remote.error?.param ?? data?.error_param ?? null,
    ...place(message, events),
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

const finishedAt = ({ status, finished_at }: RemoteJob): number | null => {
  if (!isTerminal(status)) return null
  return finished_at ? ms(finished_at) : Date.now()
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

function progress(remote: RemoteJob, events: RemoteEvent[]) {
  const last = events
    .map((event) => stepOf({ message: event.message, data: event.data }))
    .findLast((at) => at !== null)
  return {
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
  db: Parameters<typeof metricEvents>[1],
): Promise<{ curve_json?: string }> {
  if (!ended && (job.total_steps ?? 0) > LIVE_CURVE) return {}
  const points: Point[] = pointsOf((await metricEvents(job.id, db)).map(told))
  return { curve_json: JSON.stringify(sketch(points)) }
}

/**
 * Brings a run up to date with its provider's job: the job, its new events and at its end its checkpoints, written
 * in one transaction. Nothing is written when nothing changed.
 * @throws APIError as the provider refuses, or when it cannot be reached
 */
export async function mirror(job: JobRecord): Promise<void> {
  const remoteId = job.remote_id
  if (remoteId === null) return
  const { jobs } = client(job.provider_id as ProviderId).fineTuning
  // The job first: when it says that it ended, the events read after it are complete.
  const remote = RemoteJob.parse(await jobs.retrieve(remoteId, { signal: briefly() }))
  const events = await newEvents(jobs, job, remoteId)
  const columns = columnsOf(remote)
  if (events.length === 0 && columns.job_json === job.job_json) return
  const ended = isTerminal(remote.status)
  const checkpoints = ended ? await checkpointsAt(jobs, job, remoteId) : []
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
    const failure = failureOf(remote, events)
    await updateJob(
      job.id,
      {
        ...columns,
        ...progress(remote, events),
        ...(await curveOf(job, ended, db)),
        ...(failure ? { error_json: JSON.stringify(failure) } : {}),
      },
      db,
    )
  })
}
