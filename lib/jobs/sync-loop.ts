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
  /** Least time between two turns of a loop. */
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

/** What every loop is given. */
interface Shift {
  waits: Waits
  signal: AbortSignal
  /** Work that no loop waits for, so that a provider that hangs delays its own jobs only; only the end of all loops waits for it. */
  aside(work: Promise<void>): void
}

/** Jobs as the database has them, read again only after one has changed; that wakes the loop which follows them. */
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
      // What changes while they are read makes them stale again.
      this.#isStale = false
      this.#jobs = await this.#read()
    }
    return this.#jobs
  }
}

const msUntil = (time: number): number => time - performance.now()

/** One list for all jobs that wait behind the next one of our engine. */
class QueueLook {
  #due = 0
  #isListing = false

  /** ms; infinite while a list is under way, and when nothing waits. */
  dueIn(queued: readonly ActiveJob[]): number {
    return queued.length > 0 && !this.#isListing ? msUntil(this.#due) : Number.POSITIVE_INFINITY
  }

  /** @returns those that the engine says something new of */
  async look(queued: readonly ActiveJob[], { waits, signal }: Shift): Promise<ActiveJob[]> {
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
async function watch(shift: Shift): Promise<void> {
  const { waits, signal, aside } = shift
  const waker = new Waker()
  const active = new FollowedJobs(activeJobs, waker)
  const scheduler = new PollScheduler(waits, signal)
  const queueLook = new QueueLook()
  const pollDue = (jobs: readonly ActiveJob[]) => {
    for (const job of jobs) if (scheduler.dueIn(job) <= 0) aside(scheduler.look(job).finally(waker.wake))
  }
  try {
    while (!signal.aborted) {
      const jobs = await active.jobs()
      const queued = queuedBehind(jobs)
      const together = new Set(queued)
      const alone = jobs.filter((job) => !together.has(job))
      pollDue(alone)
      if (queueLook.dueIn(queued) <= 0) aside(queueLook.look(queued, shift).then(pollDue).finally(waker.wake))
      const next = Math.min(queueLook.dueIn(queued), ...alone.map((job) => scheduler.dueIn(job)))
      await waker.sleep({ least: waits.tick, most: next, signal })
    }
  } finally {
    active.unsubscribe()
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

/** How often a job whose creation was not answered has been looked up; times are of performance.now(). */
interface Look {
  count: number
  since: number
  last: number
}

/** ms until the next look. Our own engine comes back, and then it knows: it is asked until it has said so. */
function lookDueIn({ count, since, last }: Look, providerId: string, waits: Waits): number {
  const wait = waits.reconcile[count]
  if (wait !== undefined) return msUntil(since + wait)
  return providerId === 'embedded' ? msUntil(last + waits.discoverHere) : Number.POSITIVE_INFINITY
}

/** Looks up every job whose creation was not answered, a few times after it was lost and after each start; never sends. */
async function settle({ waits, signal, aside }: Shift): Promise<void> {
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
    aside(
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

/** A loop ends with the process, never by an error in one turn. */
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
 * whose creation was never answered. One poller per job, however many pages watch it, and one for all that wait for our
 * engine.
 * @returns when the signal has ended it and all that was under way
 */
export async function startSyncLoop(signal: AbortSignal, waits: Partial<Waits> = {}): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const aside = (work: Promise<void>) => {
    // What fails here must not end the process: each job is looked at again at its next turn.
    const ending = work
      .catch((thrown: unknown) => logInternal(failure(thrown)))
      .finally(() => underWay.delete(ending))
    underWay.add(ending)
  }
  const shift = { waits: { ...WAITS, ...waits }, signal, aside }
  await Promise.all([watch, explore, settle].map((loop) => always(loop, shift)))
  await Promise.all(underWay)
}
