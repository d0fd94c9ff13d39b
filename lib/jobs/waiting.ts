import { AppError } from '#lib/core/errors.ts'
import { pause } from '#lib/core/pause.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { freezeData } from './freeze-data.ts'
import { launchJob } from './launch.ts'
import { refuseShutDown, refuseUnlearnable } from './launch-checks.ts'
import { JobDraft } from './schema.ts'
import type { WaitingLaunch } from './waiting-schema.ts'
import {
  insertWaiting,
  removeWaiting,
  updateWaiting,
  type WaitingRecord,
  waitingRecords,
} from './waiting-store.ts'

/** ms until the next try when nobody said how long to wait. */
const UNTOLD = 10 * 60_000

const draftIn = ({ draft_json }: WaitingRecord): JobDraft => JobDraft.parse(JSON.parse(draft_json))

function viewOf(record: WaitingRecord): WaitingLaunch {
  const { id, providerId, model, suffix } = draftIn(record)
  const error = record.error_json === null ? null : JSON.parse(record.error_json)
  return { id, providerId, model, suffix, at: Number(record.at), error }
}

/** Launches that wait for their provider, in the order in which they came. */
export const listWaiting = async (): Promise<WaitingLaunch[]> => (await waitingRecords()).map(viewOf)

/** The versions of a draft's data as it is now. */
async function versionsOf(draft: JobDraft): Promise<string> {
  const { training, validation } = await freezeData(draft)
  return [training.id, validation?.id ?? ''].join(',')
}

/** When a refused launch may be tried again, in ms; null when waiting does not help. */
function nextTry({ code, facts }: AppError): number | null {
  if (code === 'provider_unreachable') return Date.now() + UNTOLD
  if (code !== 'rate_limited') return null
  return typeof facts?.until === 'number' ? facts.until : Date.now() + UNTOLD
}

/**
 * Keeps a launch until its provider takes another job, with the rows that it has now. The same draft twice waits once.
 * Nothing is sent.
 * @param at ms; not tried before
 * @returns all that wait
 * @throws AppError not_found; invalid for a base model that was shut down, and for rows that cannot be learnt from
 */
export async function waitForSlot(draft: JobDraft, at: number): Promise<WaitingLaunch[]> {
  endpoint(draft.providerId)
  await refuseShutDown(draft)
  await refuseUnlearnable(draft)
  await insertWaiting({
    id: draft.id,
    draft_json: JSON.stringify(draft),
    version_ids: await versionsOf(draft),
    at,
    error_json: null,
    created_at: Date.now(),
  })
  return listWaiting()
}

/**
 * Forgets a launch that waits.
 * @returns those that are left
 * @throws AppError not_found
 */
export async function forgetWaiting(id: string): Promise<WaitingLaunch[]> {
  if (!(await removeWaiting(id))) throw new AppError('not_found', 'jobs.notWaiting', { param: 'id' })
  return listWaiting()
}

/** Launches a draft whose turn it is. Its id is the intent: a launch that a stop has cut off is the same job. */
async function launch(record: WaitingRecord): Promise<void> {
  const draft = draftIn(record)
  try {
    // Whoever pressed the button saw these rows, and their price.
    if ((await versionsOf(draft)) !== record.version_ids) throw new AppError('conflict', 'jobs.rowsChanged')
    await launchJob(draft)
    await removeWaiting(record.id)
  } catch (thrown) {
    const error = failure(thrown)
    const at = nextTry(error)
    if (at === null) logInternal(error)
    await updateWaiting(record.id, at === null ? { error_json: JSON.stringify(error.words) } : { at })
  }
}

/** @returns ms until the next launch is due; infinite when none waits */
async function round(signal: AbortSignal): Promise<number> {
  for (const record of await waitingRecords()) {
    if (signal.aborted) break
    if (record.error_json === null && Number(record.at) <= Date.now()) await launch(record)
  }
  const waiting = (await waitingRecords()).filter(({ error_json }) => error_json === null)
  return Math.max(0, Math.min(...waiting.map(({ at }) => Number(at) - Date.now())))
}

/** Longest timer of Node, in ms. */
const LONGEST_SLEEP = 2 ** 31 - 1

/**
 * Launches what waits for its provider when its time has come, also what an earlier process was given.
 * @param tick ms; the least time between two rounds
 * @returns when the signal has ended it
 */
export async function startWaiting(signal: AbortSignal, tick = 1_000): Promise<void> {
  const waker = new Waker()
  const unsubscribe = onChanges(['waiting_launches'], waker.wake)
  try {
    while (!signal.aborted) {
      const most = await round(signal).catch(async (thrown: unknown) => {
        logInternal(failure(thrown))
        await pause(tick * 5, signal)
        return 0
      })
      await waker.sleep({ least: tick, most: Math.min(most, LONGEST_SLEEP), signal })
    }
  } finally {
    unsubscribe()
  }
}
