import { pause } from '#lib/core/pause.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { backoffOf } from '#lib/providers/backoff.ts'
import { listProviders } from '#lib/providers/registry.ts'
import { discover } from './discover.ts'
import { backOff, PollScheduler } from './poll-scheduler.ts'
import { changedIn, queuedBehind } from './queue.ts'
import { reconcileJob, settleInterrupted, unknownJobs } from './reconcile.ts'
import { type ActiveJob, activeJobs, type JobRecord } from './store.ts'

/** All in ms; parameters, so that tests need not wait. */
export interface Waits {
  /** Least time between two rounds of a loop. */
  tick: number
  /** Between two polls of a running job; null: by its provider's capabilities. */
  poll: number | null
  /**
   * Between two looks for jobs that were created elsewhere: on this machine (also for jobs that wait there), and at
   * other providers.
   */
  discoverHere: number
  discoverAway: number
  /** Delays after a lost answer, and after each start, at which the provider is asked. */
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

/** What every loop is given. */
interface LoopContext {
  waits: Waits
  signal: AbortSignal
  /**
   * Starts work that no loop waits for, so that a hanging provider delays its own jobs only; only the end of all loops
   * waits for it.
   */
  inBackground(work: Promise<void>): void
}

/** Jobs as the database has them, read again only after a change, which also wakes the loop. */
class FollowedJobs<Followed> {
  readonly #read: () => Promise<Followed[]>
  readonly unsubscribe: () => void
  #jobs: Followed[] = []
  #isStale = true

  constructor(read: () => Promise<Followed[]>, waker: Waker) {
    this.#read = read
    this.unsubscribe = onChanges(['jobs'], () => {
      this.#isStale = true
      waker.wake()
    })
  }

  async jobs(): Promise<Followed[]> {
    if (this.#isStale) {
      // A change during the read makes them stale again.
      this.#isStale = false
      this.#jobs = await this.#read()
    }
    return this.#jobs
  }
}

const msUntil = (time: number): number => time - performance.now()

/** One list request for all jobs that wait behind the next one of our engine. */
class QueueLook {
  #due = 0
  #isListing = false

  /** ms; infinite while a request is under way, and when nothing waits. */
  dueIn(queued: readonly ActiveJob[]): number {
    return queued.length > 0 && !this.#isListing ? msUntil(this.#due) : Number.POSITIVE_INFINITY
  }

  /** @returns those whose status at the engine has changed */
  async look(queued: readonly ActiveJob[], { waits, signal }: LoopContext): Promise<ActiveJob[]> {
    this.#isListing = true
    this.#due = performance.now() + waits.discoverHere
    try {
      const changed = await changedIn(queued, signal)
      return signal.aborted ? [] : changed
    } finally {
      this.#isListing = false
    }
  }
}

/** Polls every active job when it is due. */
async function watch(context: LoopContext): Promise<void> {
  const { waits, signal, inBackground } = context
  const waker = new Waker()
  const active = new FollowedJobs(activeJobs, waker)
  const scheduler = new PollScheduler(waits, signal)
  const queueLook = new QueueLook()
  const pollDue = (jobs: readonly ActiveJob[]) => {
    for (const job of jobs)
      if (scheduler.dueIn(job) <= 0) inBackground(scheduler.look(job).finally(waker.wake))
  }
  try {
    while (!signal.aborted) {
      const jobs = await active.jobs()
      const queued = queuedBehind(jobs)
      const together = new Set(queued)
      const alone = jobs.filter((job) => !together.has(job))
      pollDue(alone)
      if (queueLook.dueIn(queued) <= 0)
        inBackground(queueLook.look(queued, context).then(pollDue).finally(waker.wake))
      const next = Math.min(queueLook.dueIn(queued), ...alone.map((job) => scheduler.dueIn(job)))
      await waker.sleep({ least: waits.tick, most: next, signal })
    }
  } finally {
    active.unsubscribe()
  }
}

async function explore({ waits, signal, inBackground }: LoopContext): Promise<void> {
  const due = new Map<string, number>()
  const busy = new Set<string>()
  while (!signal.aborted) {
    for (const { id, capabilities } of listProviders()) {
      if (!capabilities.train) continue
      if (busy.has(id) || (due.get(id) ?? 0) > performance.now()) continue
      due.set(id, performance.now() + (id === 'embedded' ? waits.discoverHere : waits.discoverAway))
      busy.add(id)
      // A provider without jobs, or without an answer, is asked again at its next turn.
      inBackground(discover(id, signal).finally(() => busy.delete(id)))
    }
    await pause(waits.tick * 2, signal)
  }
}

/** How often an unanswered creation has been looked up; times are of performance.now(). */
interface Look {
  count: number
  since: number
  last: number
}

/** ms until the next lookup. Our own engine will restart and has the answer: it is asked until it gives one. */
function lookDueIn({ count, since, last }: Look, providerId: string, waits: Waits): number {
  const wait = waits.reconcile[count]
  if (wait !== undefined) return msUntil(since + wait)
  return providerId === 'embedded' ? msUntil(last + waits.discoverHere) : Number.POSITIVE_INFINITY
}

/** Looks up every unanswered creation, a few times after it was lost and after each start; creates nothing. */
async function settle({ waits, signal, inBackground }: LoopContext): Promise<void> {
  await settleInterrupted()
  const waker = new Waker()
  const unknown = new FollowedJobs(unknownJobs, waker)
  const looks = new Map<string, Look>()
  const busy = new Set<string>()
  const dueIn = ({ id, provider_id }: JobRecord): number => {
    const look = looks.get(id) ?? { count: 0, since: performance.now(), last: 0 }
    looks.set(id, look)
    return busy.has(id) ? Number.POSITIVE_INFINITY : lookDueIn(look, provider_id, waits)
  }
  const lookUp = (id: string) => {
    const { count = 0, since = performance.now() } = looks.get(id) ?? {}
    looks.set(id, { count: count + 1, since, last: performance.now() })
    busy.add(id)
    inBackground(
      reconcileJob(id)
        .then(() => undefined)
        .finally(() => {
          busy.delete(id)
          waker.wake()
        }),
    )
  }
  try {
    while (!signal.aborted) {
      const jobs = await unknown.jobs()
      for (const job of jobs) if (dueIn(job) <= 0 && !(await backoffOf(job.provider_id))) lookUp(job.id)
      const next = Math.min(...jobs.map(dueIn))
      await waker.sleep({ least: waits.tick, most: next, signal })
    }
  } finally {
    unknown.unsubscribe()
  }
}

/** A loop ends with the process, never by an error in one round. */
async function always(loop: (context: LoopContext) => Promise<void>, context: LoopContext): Promise<void> {
  for (let failures = 1; !context.signal.aborted; failures++) {
    try {
      await loop(context)
    } catch (thrown) {
      logInternal(failure(thrown))
      await pause(backOff(failures, context.waits.longest), context.signal)
    }
  }
}

/**
 * Syncs jobs with their providers even when no page is open, adds those created elsewhere, and looks up unanswered
 * creations. One poller per job, however many pages watch it, and one for all that wait for our engine.
 * @returns when the signal has ended it and all its work
 */
export async function startSyncLoop(signal: AbortSignal, waits: Partial<Waits> = {}): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const inBackground = (work: Promise<void>) => {
    // An error here must not end the process: each job is polled again at its next turn.
    const ending = work
      .catch((thrown: unknown) => logInternal(failure(thrown)))
      .finally(() => underWay.delete(ending))
    underWay.add(ending)
  }
  const context = { waits: { ...WAITS, ...waits }, signal, inBackground }
  await Promise.all([watch, explore, settle].map((loop) => always(loop, context)))
  await Promise.all(underWay)
}
