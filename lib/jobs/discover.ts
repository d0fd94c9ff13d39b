import { backoffOf, noteRefusal } from '#lib/providers/backoff.ts'
import { INTENT } from '#lib/providers/intent.ts'
import { adoptJob } from './reconcile.ts'
import { remoteJobs } from './remote.ts'
import { jobsWhoseLaunch, knownRemotes } from './store.ts'
import type { RemoteJob } from './wire.ts'

/** Jobs on the first page, which is asked for often, and on later pages. */
const FIRST = 20
const MORE = 100

/** Pages read at most: about five thousand jobs since the last look. */
const MOST_PAGES = 50

/** Remote jobs that we have no job for, newest first, read until a page brings nothing new. */
async function unknownAt(providerId: string, signal: AbortSignal): Promise<RemoteJob[]> {
  const found = new Map<string, RemoteJob>()
  let after: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const limit = page === 0 ? FIRST : MORE
    const { entries, more } = await remoteJobs(providerId, { limit, after, signal })
    const ids = entries.map(({ id }) => id)
    const known = await knownRemotes(providerId, ids)
    // A server that ignores `after` serves the same page again.
    const fresh = entries.filter(({ id }) => !known.has(id) && !found.has(id))
    for (const job of fresh) found.set(job.id, job)
    after = ids.at(-1)
    if (!more || fresh.length === 0) break
  }
  return [...found.values()]
}

/** Adds the provider's jobs that we do not know: the user's own code created them. */
async function addUnknown(providerId: string, signal: AbortSignal): Promise<void> {
  const strangers = await unknownAt(providerId, signal)
  if (strangers.length === 0) return
  // A job without our metadata may be the one whose answer we are waiting for: some servers keep no metadata.
  const waiting = (await jobsWhoseLaunch(['sent'])).some(({ provider_id }) => provider_id === providerId)
  const fresh = strangers.filter(({ metadata }) => !waiting || metadata?.[INTENT])
  // Oldest first: if this stops half-way, everything left is newer than what we know.
  for (const job of fresh.reverse()) if (!signal.aborted) await adoptJob(providerId, job)
}

/**
 * Looks for jobs that were created elsewhere, unless the provider is in backoff.
 * @throws the provider's error, noted for the backoff
 */
export async function discover(providerId: string, signal: AbortSignal): Promise<void> {
  if (await backoffOf(providerId)) return
  try {
    await addUnknown(providerId, signal)
  } catch (thrown) {
    await noteRefusal(providerId, thrown)
    throw thrown
  }
}
