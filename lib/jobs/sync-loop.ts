import { pause } from '#lib/core/pause.ts'
import { untilWritten, writes } from '#lib/db/writes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { backoffOf } from '#lib/providers/backoff.ts'
import { listProviders } from '#lib/providers/registry.ts'
import { discover } from './discover.ts'
import { backOff, PollScheduler } from './poll-scheduler.ts'
import { changedIn, queuedBehind } from './queue.ts'
import { reconcileJob, settleInterrupted, unknownJobs } from './reconcile.ts'
import { type ActiveJob, activeJobs } from './store.ts'

/** All in ms; parameters, so that tests need not wait. */
export interface Waits {
  /** Between two glances at which runs are active. */
  tick: number
  /** Between two looks at a running job; null: as its provider's capabilities say. */
  poll: number | null
  /** Between two looks for jobs that were created elsewhere, on this machine (and at those that wait there) and far away. */
  discoverHere: number
  discoverAway: number
  /** After a lost answer, and at each start, the provider is asked this long after. */
  reconcile: number[]
  /** Longest wait after failures. */
  longest: number
}

const WAITS: Waits = {
  tick: 100,
  poll: null,
  discoverHere: 1_000,
  discoverAway: 30_000,
  reconcile: [0, 5_000, 15_000, 60_000, 120_000],
  longest: 60_000,
}

/** A loop that has nothing to follow waits for the next write, and looks once in so many ms all the same. */
const IDLE = 10_000

/** What every loop of the follower is given. */
interface Shift {
  waits: Waits
  signal: AbortSignal
  /** Work that no loop waits for, so that a provider that hangs holds its own runs only; the follower's end does. */
  aside(work: Promise<void>): void
}

async function watch({ waits, signal, aside }: Shift): Promise<void> {
  const rounds = new PollScheduler(waits, signal)
  const lookAll = (jobs: readonly ActiveJob[]) => {
    for (const job of jobs) if (rounds.isDue(job)) aside(rounds.look(job))
  }
  let due = 0
  let isListing = false
  while (!signal.aborted) {
    const seen = writes()
    const active = await activeJobs()
    const queued = queuedBehind(active)
    const together = new Set(queued)
    lookAll(active.filter((job) => !together.has(job)))
    if (queued.length > 0 && !isListing && due <= performance.now()) {
      isListing = true
      due = performance.now() + waits.discoverHere
      aside(
        changedIn(queued, signal)
          .then((changed) => lookAll(signal.aborted ? [] : changed))
          .finally(() => {
            isListing = false
          }),
      )
    }
    await pause(waits.tick, signal)
    if (active.length === 0) await untilWritten(seen, IDLE, signal)
  }
}

async function explore({ waits, signal, aside }: Shift): Promise<void> {
  const due = new Map<string, number>()
  const busy = new Set<string>()
  while (!signal.aborted) {
    for (const { id } of listProviders()) {
      if (busy.has(id) || (due.get(id) ?? 0) > performance.now()) continue
      due.set(id, performance.now() + (id === 'embedded' ? waits.discoverHere : waits.discoverAway))
      busy.add(id)
      // A provider without jobs, or without an answer, is asked again at its next turn.
      aside(discover(id, signal).finally(() => busy.delete(id)))
    }
    await pause(waits.tick * 2, signal)
  }
}

/** How often a run whose answer was lost has been looked up; times as performance.now() tells them. */
interface Look {
  count: number
  since: number
  last: number
}

/** Our own engine comes back, and then it knows: it is asked until it has said so. */
function isLookDue({ count, since, last }: Look, providerId: string, waits: Waits): boolean {
  const wait = waits.reconcile[count]
  if (wait !== undefined) return performance.now() - since >= wait
  return providerId === 'embedded' && performance.now() - last >= waits.discoverHere
}

/** Looks up every run whose answer was lost, a few times after it was lost and after each start; never sends. */
async function settle({ waits, signal, aside }: Shift): Promise<void> {
  await settleInterrupted()
  const looks = new Map<string, Look>()
  const busy = new Set<string>()
  while (!signal.aborted) {
    const seen = writes()
    const unknown = await unknownJobs()
    for (const { id, provider_id } of unknown) {
      const look = looks.get(id) ?? { count: 0, since: performance.now(), last: 0 }
      looks.set(id, look)
      if (busy.has(id) || !isLookDue(look, provider_id, waits)) continue
      if (await backoffOf(provider_id)) continue
      look.count++
      look.last = performance.now()
      busy.add(id)
      aside(
        reconcileJob(id)
          .then(() => undefined)
          .finally(() => busy.delete(id)),
      )
    }
    await pause(waits.tick, signal)
    if (unknown.length === 0) await untilWritten(seen, IDLE, signal)
  }
}

/** A loop of the follower ends with the process, never by an error of one round. */
async function always(loop: (shift: Shift) => Promise<void>, shift: Shift): Promise<void> {
  for (let failures = 1; !shift.signal.aborted; failures++) {
    try {
      await loop(shift)
    } catch (thrown) {
      logInternal(failure(thrown))
      await pause(backOff(failures, shift.waits.longest), shift.signal)
    }
  }
}

/**
 * Mirrors jobs from their providers while no page is open, takes in those created elsewhere, and looks up the ones
 * whose creation was never answered. One poller per run, however many pages watch it, and one for all that wait for our
 * engine.
 * @returns when the signal has ended it and all that was under way
 */
export async function startSyncLoop(signal: AbortSignal, waits: Partial<Waits> = {}): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const aside = (work: Promise<void>) => {
    // What fails here must not end the process: each run is looked at again at its next turn.
    const ending = work
      .catch((thrown: unknown) => logInternal(failure(thrown)))
      .finally(() => underWay.delete(ending))
    underWay.add(ending)
  }
  const shift = { waits: { ...WAITS, ...waits }, signal, aside }
  await Promise.all([watch, explore, settle].map((loop) => always(loop, shift)))
  await Promise.all(underWay)
}
