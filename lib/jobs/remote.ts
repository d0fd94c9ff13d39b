import { createHash } from 'node:crypto'
import { APIError } from 'openai'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { askJson, askText, MOST_OBJECT, MOST_PAGE } from '#lib/providers/request.ts'
import { type CheckpointRecord, knownEvents } from './history-store.ts'
import { curveFiles, resultFilePoints } from './result-file.ts'
import type { Point } from './series-schema.ts'
import type { JobRecord } from './store.ts'
import { RemoteCheckpoint, RemoteEvent, RemoteFile, RemoteJob, RemoteList } from './wire.ts'

const PAGE = 100

/** Pages read per poll at most, in case a server always has more: half a million events. */
const MAX_PAGES = 5_000

/** Largest result file that is read, in bytes: above a million steps. */
const MAX_RESULT = 64 * 1024 * 1024

/** Result files of one job that are tried. */
const MAX_RESULTS = 3

const JOBS = ['fine_tuning', 'jobs']

export const ms = (seconds: number): number => seconds * 1000

/** null for what a server does not offer or no longer has (404): only the job itself counts as gone. */
async function orNone<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer
  } catch (thrown) {
    if (
      thrown instanceof APIError &&
      thrown.status !== undefined &&
      [403, 404, 405, 410, 501].includes(thrown.status)
    )
      return null
    throw thrown
  }
}

/** @throws APIError as the provider answers; AppError for an answer that is no job */
export const remoteJob = (providerId: string, remoteId: string, signal?: AbortSignal): Promise<RemoteJob> =>
  askJson(providerId, 'job', RemoteJob, {
    path: [...JOBS, remoteId],
    most: MOST_OBJECT,
    signal,
  })

/**
 * Cancels a job at its provider. The answer's job is ignored, since it is fetched next; an HTML page means that a proxy
 * answered instead.
 */
export async function cancelRemote(providerId: string, remoteId: string, keep: boolean): Promise<void> {
  await askJson(providerId, 'job', z.unknown(), {
    method: 'post',
    path: [...JOBS, remoteId, 'cancel'],
    body: keep ? { limerick: { keep: true } } : undefined,
    most: MOST_OBJECT,
  })
}

/** Pauses or resumes a job at its provider. */
export async function changeRemote(
  providerId: string,
  remoteId: string,
  change: 'pause' | 'resume',
): Promise<void> {
  await askJson(providerId, 'job', z.unknown(), {
    method: 'post',
    path: [...JOBS, remoteId, change],
    most: MOST_OBJECT,
  })
}

interface Page {
  limit: number
  after: string | undefined
  signal: AbortSignal | undefined
}

/** A page of any list. When a server does not say whether there is more, a full page means yes. */
async function listPage<Entry>(
  providerId: string,
  path: string[],
  entry: (served: unknown) => Entry | undefined,
  { limit, after, signal }: Page,
): Promise<{ entries: Entry[]; more: boolean }> {
  const { data, has_more } = await askJson(providerId, 'list', RemoteList, {
    path,
    query: { limit, after },
    most: MOST_PAGE,
    signal,
  })
  const served = data ?? []
  return {
    entries: served.flatMap((one) => entry(one) ?? []),
    more: has_more ?? served.length >= limit,
  }
}

/** A page of a provider's jobs, newest first. */
export const remoteJobs = (providerId: string, page: Page) =>
  listPage(providerId, JOBS, (served) => RemoteJob.safeParse(served).data, page)

/** An event; its id is a hash of its content if it has none. */
export function eventIn(served: unknown): RemoteEvent | undefined {
  const read = RemoteEvent.safeParse(served)
  if (read.success || typeof served !== 'object' || served === null) return read.data
  const id = createHash('sha256').update(JSON.stringify(served)).digest('hex').slice(0, 32)
  return RemoteEvent.safeParse({ ...served, id: `content-${id}` }).data
}

export const isAscending = (events: readonly RemoteEvent[]): boolean =>
  (events[0]?.created_at ?? 0) < (events.at(-1)?.created_at ?? 0)

/**
 * New events in the order of their times. Reads from the newest page until one ends with a known event. Pages may
 * overlap and shift, and a server that ignores `after` serves the same page again: events are told apart by their ids,
 * and events of one second stay in the order they were served in.
 */
export async function newEvents(job: JobRecord, signal?: AbortSignal): Promise<RemoteEvent[]> {
  const found = new Map<string, RemoteEvent>()
  const path = [...JOBS, job.remote_id ?? '', 'events']
  let after: string | undefined
  let oldestFirst = false
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await orNone(
      listPage(job.provider_id, path, eventIn, {
        limit: PAGE,
        after,
        signal,
      }),
    )
    const events = answer?.entries ?? []
    oldestFirst ||= isAscending(events)
    const known = await knownEvents(
      job.id,
      events.map(({ id }) => id),
    )
    const unread = events.filter(({ id }) => !found.has(id))
    for (const event of unread) if (!known.has(event.id)) found.set(event.id, event)
    const last = events.at(-1)
    if (!last || !answer?.more || unread.length === 0 || last.id === after) break
    if (known.has(last.id) && !oldestFirst) break
    after = last.id
  }
  const served = [...found.values()]
  return (oldestFirst ? served : served.reverse()).sort((a, b) => a.created_at - b.created_at)
}

/** Checkpoints as a provider serves them; what is none is left out. */
export const checkpointRecords = (jobId: string, served: readonly unknown[]): CheckpointRecord[] =>
  served
    .flatMap((one) => RemoteCheckpoint.safeParse(one).data ?? [])
    .map((checkpoint) => ({
      job_id: jobId,
      id: checkpoint.id,
      step: checkpoint.step_number,
      model: checkpoint.fine_tuned_model_checkpoint,
      metrics_json: JSON.stringify(checkpoint.metrics),
      created_at: ms(checkpoint.created_at),
    }))

export async function checkpointsAt(job: JobRecord, signal?: AbortSignal): Promise<CheckpointRecord[]> {
  const page = { limit: 100, after: undefined, signal }
  const path = [...JOBS, job.remote_id ?? '', 'checkpoints']
  const answer = await orNone(listPage(job.provider_id, path, (served) => served, page))
  return checkpointRecords(job.id, answer?.entries ?? [])
}

async function resultText(providerId: string, fileId: string, signal?: AbortSignal): Promise<string> {
  try {
    const file = { path: ['files', fileId, 'content'], most: MAX_RESULT, signal }
    return (await orNone(askText(providerId, file))) ?? ''
  } catch (thrown) {
    // Too large for a curve.
    if (thrown instanceof AppError && thrown.code === 'provider_refused') return ''
    throw thrown
  }
}

/** The curve of the first readable result file; empty when they are gone, too large or something else. */
export async function resultPointsAt(
  providerId: string,
  fileIds: readonly string[],
  signal?: AbortSignal,
): Promise<Point[]> {
  for (const fileId of curveFiles(fileIds).slice(0, MAX_RESULTS)) {
    const points = resultFilePoints(await resultText(providerId, fileId, signal))
    if (points.length > 0) return points
  }
  return []
}

/** What a provider says is wrong with a file, if anything. */
export async function fileError(
  providerId: string,
  fileId: string | null | undefined,
  signal?: AbortSignal,
): Promise<string | null> {
  if (!fileId) return null
  const question = { path: ['files', fileId], most: MOST_OBJECT, signal }
  const file = await orNone(askJson(providerId, 'file', RemoteFile, question))
  return file?.status_details || null
}
