import { AppError } from '#lib/core/errors.ts'
import { newJobId } from '#lib/core/ids.ts'
import { pause } from '#lib/core/pause.ts'
import { processWide } from '#lib/core/process-wide.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { endpoint } from '#lib/providers/registry.ts'
import { expectConfirmed } from '#lib/providers/spend.ts'
import { UNTOLD } from './constants.ts'
import { type FrozenData, freezeData } from './freeze-data.ts'
import { launchJob } from './launch.ts'
import { refuseShutDown, refuseUnlearnable, reservationFor } from './launch-checks.ts'
import { JobDraft } from './schema.ts'
import { isUnsent } from './split-lock-store.ts'
import { maybeJob } from './store.ts'
import type { WaitingLaunch } from './waiting-schema.ts'
import {
  insertWaiting,
  removeWaiting,
  updateWaiting,
  type WaitingRecord,
  waitingRecord,
  waitingRecords,
} from './waiting-store.ts'

const draftIn = ({ draft_json }: WaitingRecord): JobDraft => JobDraft.parse(JSON.parse(draft_json))

function viewOf(record: WaitingRecord): WaitingLaunch {
  const { id, providerId, model, suffix } = draftIn(record)
  const error = record.error_json === null ? null : JSON.parse(record.error_json)
  return { id, providerId, model, suffix, at: Number(record.at), error }
}

/** Launches that wait for their provider, in the order in which they came. */
export const listWaiting = async (): Promise<WaitingLaunch[]> => (await waitingRecords()).map(viewOf)

const versionsIn = ({ training, validation }: FrozenData): string =>
  [training.id, validation?.id ?? ''].join(',')

/** The launch that is being sent by this process. */
const sending = processWide<{ id: string | null }>('sending', () => ({ id: null }))

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
 * @throws AppError not_found; needs_confirmation; conflict when its id stands for another draft; invalid for a base model
 * that was shut down, and for rows that cannot be learnt from
 */
export async function waitForSlot(draft: JobDraft, at: number): Promise<WaitingLaunch[]> {
  endpoint(draft.providerId)
  await refuseShutDown(draft)
  await refuseUnlearnable(draft)
  const pinned = await freezeData(draft)
  await expectConfirmed(await reservationFor(draft, pinned))
  const draft_json = JSON.stringify(draft)
  const known = await waitingRecord(draft.id)
  if (known && known.draft_json !== draft_json) throw new AppError('conflict', 'jobs.idTaken')
  await insertWaiting({
    id: draft.id,
    draft_json,
    version_ids: versionsIn(pinned),
    at,
    error_json: null,
    created_at: Date.now(),
  })
  return listWaiting()
}

/**
 * Forgets a launch that waits.
 * @returns those that are left
 * @throws AppError not_found; conflict while it is being sent
 */
export async function forgetWaiting(id: string): Promise<WaitingLaunch[]> {
  if (sending.id === id) throw new AppError('conflict', 'jobs.beingSent', { param: 'id' })
  if (!(await removeWaiting(id))) throw new AppError('not_found', 'jobs.notWaiting', { param: 'id' })
  return listWaiting()
}

/** @throws AppError conflict when the rows are not those that were seen with the price */
async function expectSameRows({ version_ids }: WaitingRecord, draft: JobDraft): Promise<void> {
  if (versionsIn(await freezeData(draft)) !== version_ids) throw new AppError('conflict', 'jobs.rowsChanged')
}

/** ms until a job that another start has left in the middle is settled. */
const SOON = 2_000

/**
 * Sends a launch whose turn it is. Its id is the intent: what a stop has cut off after it was sent is the same job, and
 * what it has cut off before is sent under another id.
 */
async function send(record: WaitingRecord): Promise<void> {
  const draft = draftIn(record)
  const known = await maybeJob(draft.id)
  if (known?.launch === 'intent' || known?.launch === 'sent')
    return updateWaiting(record.id, { at: Date.now() + SOON })
  if (known && isUnsent(known)) {
    const id = newJobId()
    return updateWaiting(record.id, { id, draft_json: JSON.stringify({ ...draft, id }) })
  }
  if (!known || known.launch === 'refused') {
    await expectSameRows(record, draft)
    await launchJob(draft)
  }
  await removeWaiting(record.id)
}

async function launch(record: WaitingRecord): Promise<void> {
  sending.id = record.id
  try {
    await send(record)
  } catch (thrown) {
    const error = failure(thrown)
    const at = nextTry(error)
    if (at === null) logInternal(error)
    await updateWaiting(record.id, at === null ? { error_json: JSON.stringify(error.words) } : { at })
  } finally {
    sending.id = null
  }
}

const isDue = ({ error_json, at }: WaitingRecord): boolean => error_json === null && Number(at) <= Date.now()

/** @returns ms until the next launch is due; infinite when none waits */
async function round(signal: AbortSignal): Promise<number> {
  for (const { id } of await waitingRecords()) {
    if (signal.aborted) break
    // It may have been removed while the one before it was sent.
    const record = await waitingRecord(id)
    if (record && isDue(record)) await launch(record)
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
