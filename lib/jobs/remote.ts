import { APIError, type OpenAI } from 'openai'
import { briefly } from '#lib/providers/upstream.ts'
import { type CheckpointRecord, knownEvents } from './history-store.ts'
import { resultFilePoints } from './result-file.ts'
import type { Point } from './schema.ts'
import { RemoteCheckpoint, RemoteEvent } from './wire.ts'

type Jobs = OpenAI.FineTuning.Jobs

/** Events asked for at once. */
const PAGE = 100

/** Pages read in one look at most, against a server that always has more: half a million events. */
const MAX_PAGES = 5_000

/** Largest result file that is read, in bytes: above a million steps. */
const MAX_RESULT = 64 * 1024 * 1024

export const ms = (seconds: number): number => seconds * 1000

/** What a server does not offer, or no longer has, is none: only the job itself can be gone. */
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

/**
 * Events that are new to us, oldest first. Reads the newest page first and stops at the first event we have;
 * pages may overlap, and a server that ignores `after` serves the same page again, which is seen by its ids.
 */
export async function newEvents(jobs: Jobs, jobId: string, remoteId: string): Promise<RemoteEvent[]> {
  const found = new Map<string, RemoteEvent>()
  let after: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await orNone(jobs.listEvents(remoteId, { limit: PAGE, after }, { signal: briefly() }))
    const events = answer?.data.flatMap((served) => RemoteEvent.safeParse(served).data ?? []) ?? []
    const known = await knownEvents(
      jobId,
      events.map(({ id }) => id),
    )
    const fresh = events.filter(({ id }) => !known.has(id) && !found.has(id))
    for (const event of fresh) found.set(event.id, event)
    if (known.size > 0 || fresh.length === 0 || !answer?.has_more) break
    after = events.at(-1)?.id
  }
  return [...found.values()].reverse()
}

export async function checkpointsAt(
  jobs: Jobs,
  jobId: string,
  remoteId: string,
): Promise<CheckpointRecord[]> {
  const answer = await orNone(jobs.checkpoints.list(remoteId, { limit: 100 }, { signal: briefly() }))
  return (answer?.data ?? [])
    .flatMap((served) => RemoteCheckpoint.safeParse(served).data ?? [])
    .map((checkpoint) => ({
      job_id: jobId,
      id: checkpoint.id,
      step: checkpoint.step_number,
      model: checkpoint.fine_tuned_model_checkpoint,
      metrics_json: JSON.stringify(checkpoint.metrics),
      created_at: ms(checkpoint.created_at),
    }))
}

/** The curve that a result file holds; none when it is gone, too large or something else. */
export async function resultPointsAt(provider: OpenAI, fileId: string): Promise<Point[]> {
  const answer = await orNone(provider.files.content(fileId, { signal: briefly() }))
  if (!answer || Number(answer.headers.get('content-length') ?? 0) > MAX_RESULT) return []
  return resultFilePoints(await answer.text())
}
