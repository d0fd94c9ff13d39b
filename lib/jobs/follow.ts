import { APIError } from 'openai'
import { failure, logInternal } from '#lib/http/failure.ts'
import { pause } from '#lib/http/sse.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { client } from '#lib/providers/client.ts'
import { listProviders } from '#lib/providers/registry.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { briefly } from '#lib/providers/upstream.ts'
import { mirror } from './mirror.ts'
import { reconcileJob, settleInterrupted, unknownJobs, welcome } from './reconcile.ts'
import { activeJobs, type JobRecord, jobsWhoseLaunch, knownRemotes, updateJob } from './store.ts'
import { INTENT, RemoteJob } from './wire.ts'

/** All in ms; parameters, so that tests need not wait. */
export interface Waits {
  /** Between two glances at which runs are active. */
  tick: number
  /** Between two looks at a running job; null: as its provider's capabilities say. */
  poll: number | null
  /** Between two looks for jobs that were created elsewhere, on this machine and far away. */
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

/** Doubles from a second, with up to a quarter taken off at random so that runs do not fall into step. */
const backOff = (failures: number, longest: number): number =>
  Math.min(longest, 1_000 * 2 ** (failures - 1)) * (1 - Math.random() / 4)

const gone = (thrown: unknown): boolean => thrown instanceof APIError && thrown.status === 404

const GONE = {
  code: 'gone',
  message:
    'The provider no longer has this job: it was deleted, or belongs to another project. What was mirrored is kept.',
  param: null,
  line: null,
  row: null,
}

/** Remembers when each run is due again. */
class Rounds {
  readonly #due = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  readonly #busy = new Set<string>()
  readonly #waits: Waits
  constructor(waits: Waits) {
    this.#waits = waits
  }

  isDue(job: JobRecord): boolean {
    return !this.#busy.has(job.id) && (this.#due.get(job.id) ?? 0) <= performance.now()
  }

  async look(job: JobRecord): Promise<void> {
    this.#busy.add(job.id)
    try {
      await mirror(job)
      this.#failures.delete(job.id)
      this.#wait(job, this.#waits.poll ?? capabilitiesOf(ProviderId.parse(job.provider_id)).pollMs)
    } catch (thrown) {
      await this.#fail(job, thrown)
    } finally {
      this.#busy.delete(job.id)
    }
  }

  async #fail(job: JobRecord, thrown: unknown): Promise<void> {
    logInternal(failure(thrown))
    if (gone(thrown))
      await updateJob(job.id, { status: 'failed', error_json: JSON.stringify(GONE), finished_at: Date.now() })
    const failures = (this.#failures.get(job.id) ?? 0) + 1
    this.#failures.set(job.id, failures)
    this.#wait(job, backOff(failures, this.#waits.longest))
  }

  #wait(job: JobRecord, ms: number): void {
    this.#due.set(job.id, performance.now() + ms)
  }
}

/** What every loop of the follower is given. */
interface Shift {
  waits: Waits
  signal: AbortSignal
  /** Work that no loop waits for, so that a provider that hangs holds its own runs only; the follower's end does. */
  aside(work: Promise<void>): void
}

async function watch({ waits, signal, aside }: Shift): Promise<void> {
  const rounds = new Rounds(waits)
  while (!signal.aborted) {
    for (const job of await activeJobs()) if (rounds.isDue(job)) aside(rounds.look(job))
    await pause(waits.tick, signal)
  }
}

/** Takes in jobs that a provider has and we do not know: those that people's own code created. */
async function discover(providerId: string, signal: AbortSignal): Promise<void> {
  const page = await client(providerId).fineTuning.jobs.list({ limit: 20 }, { signal: briefly(signal) })
  const jobs = page.data.flatMap((served) => RemoteJob.safeParse(served).data ?? [])
  // A job without our mark may be the one whose answer we are waiting for, at a server that keeps no metadata.
  const waiting = (await jobsWhoseLaunch(['sent'])).some(({ provider_id }) => provider_id === providerId)
  const known = await knownRemotes(
    providerId,
    jobs.map(({ id }) => id),
  )
  const fresh = jobs.filter(({ id, metadata }) => !known.has(id) && (!waiting || metadata?.[INTENT]))
  for (const job of fresh.reverse()) if (!signal.aborted) await welcome(providerId, job)
}

async function explore({ waits, signal, aside }: Shift): Promise<void> {
  const due = new Map<string, number>()
  while (!signal.aborted) {
    for (const { id } of listProviders()) {
      if ((due.get(id) ?? 0) > performance.now()) continue
      due.set(id, performance.now() + (id === 'embedded' ? waits.discoverHere : waits.discoverAway))
      // A provider without jobs, or without an answer, is asked again at its next turn.
      aside(discover(id, signal))
    }
    await pause(waits.tick * 2, signal)
  }
}

/** Looks up every run whose answer was lost, a few times after it was lost and after each start; never sends. */
async function settle({ waits, signal }: Shift): Promise<void> {
  await settleInterrupted(performance.timeOrigin)
  const looks = new Map<string, { count: number; since: number }>()
  while (!signal.aborted) {
    for (const { id } of await unknownJobs()) {
      const look = looks.get(id) ?? { count: 0, since: performance.now() }
      looks.set(id, look)
      const wait = waits.reconcile[look.count]
      if (wait === undefined || performance.now() - look.since < wait) continue
      look.count++
      await reconcileJob(id).catch((thrown: unknown) => logInternal(failure(thrown)))
    }
    await pause(waits.tick, signal)
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
 * whose creation was never answered. One poller per run, however many pages watch it.
 * @returns when the signal has ended it and all that was under way
 */
export async function startFollower(signal: AbortSignal, waits: Partial<Waits> = {}): Promise<void> {
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
