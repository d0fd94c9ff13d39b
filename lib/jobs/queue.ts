import { remoteJobs } from './remote.ts'
import type { ActiveJob } from './store.ts'

const PAGE = 100

/** Pages read at most, in case a list never ends. */
const MOST_PAGES = 100

/** What our engine calls a job that waits for its turn. */
const WAITING = ['validating_files', 'queued']

/** Seen at our engine, with one of these statuses. */
const isThere =
  (statuses: readonly string[]) =>
  ({ provider_id, status, seen }: ActiveJob): boolean =>
    provider_id === 'embedded' && seen === 1 && statuses.includes(status)

/** Waits for its turn at our engine. */
export const isWaiting = isThere(WAITING)

/**
 * Jobs that wait for our engine, which trains one after the other, in the order of their creation. Without the next in
 * turn: it may begin at any moment, so it is polled as often as a running one. Paused jobs wait too, for a person.
 * @param active oldest first
 */
export const queuedBehind = (active: readonly ActiveJob[]): ActiveJob[] => [
  ...active.filter(isWaiting).slice(1),
  ...active.filter(isThere(['paused'])),
]

/** Statuses by the engine's own ids, newest first, read until all of `wanted` are found. */
async function statusesAt(wanted: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let after: string | undefined
  let left = wanted.size
  for (let page = 0; page < MOST_PAGES && left > 0; page++) {
    const { entries, more } = await remoteJobs('embedded', { limit: PAGE, after, signal })
    const fresh = entries.filter(({ id }) => !found.has(id))
    for (const { id, status } of fresh) found.set(id, status)
    left -= fresh.filter(({ id }) => wanted.has(id)).length
    after = entries.at(-1)?.id
    if (!more || fresh.length === 0) break
  }
  return found
}

/**
 * The waiting jobs whose status at the engine has changed, by one list for all. Only these need a poll: a waiting job
 * has nothing new without a new status.
 * @throws the engine's error, or that it does not answer
 */
export async function changedIn(waiting: readonly ActiveJob[], signal: AbortSignal): Promise<ActiveJob[]> {
  const ids = new Set(waiting.map(({ remote_id }) => remote_id ?? ''))
  const statuses = await statusesAt(ids, signal)
  return waiting.filter(({ remote_id, status }) => statuses.get(remote_id ?? '') !== status)
}
