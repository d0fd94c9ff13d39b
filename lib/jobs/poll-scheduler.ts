import { APIError } from 'openai'
import { failure, logInternal } from '#lib/http/failure.ts'
import { backoffOf, noteFailure, retryAfterOf } from '#lib/providers/backoff.ts'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import { type Backoff, ProviderId } from '#lib/providers/schema.ts'
import type { JobSyncError } from './schema.ts'
import { type ActiveJob, findJob, type JobRecord } from './store.ts'
import { keepSyncError, triesOf } from './sync-error.ts'
import { markGone, syncJob } from './sync-job.ts'

/** ms between two checks whether a backoff is over: the user may end it at any time. */
const BACKOFF_LOOK = 1_000

/** The page shows an error from this many failures in a row. */
const SHOWN_FROM = 2

/** ms: full jitter over a span that doubles from a second, so that jobs which fail together do not retry together. */
export const backOff = (failures: number, longest: number): number =>
  Math.random() * Math.min(longest, 1_000 * 2 ** (failures - 1))

/** A job is taken to be gone after this many polls that end in a 404 without the API's error. */
const GONE_FROM = 3

/** 404 with the API's own error; a gateway that is being restarted also says 404, but only for a while. */
const gone = (thrown: unknown, tries: number): boolean =>
  thrown instanceof APIError && thrown.status === 404 && (thrown.error !== undefined || tries >= GONE_FROM)

/** ms that an overloaded server asks us to wait. */
export const askedDelay = (thrown: unknown): number =>
  thrown instanceof APIError && (thrown.headers?.has('retry-after') || thrown.headers?.has('retry-after-ms'))
    ? retryAfterOf(thrown.headers)
    : 0

interface Pace {
  /** ms between two polls; null: by the provider's capabilities. */
  poll: number | null
  longest: number
}

/** Remembers when each job is due again, and how often polling it has failed. */
export class PollScheduler {
  readonly #due = new Map<string, number>()
  readonly #failures = new Map<string, { count: number; since: number }>()
  readonly #busy = new Set<string>()
  readonly #pace: Pace
  readonly #signal: AbortSignal
  constructor(pace: Pace, signal: AbortSignal) {
    this.#pace = pace
    this.#signal = signal
  }

  /** ms until the job is due; infinite while it is being polled. */
  dueIn({ id }: ActiveJob): number {
    return this.#busy.has(id) ? Number.POSITIVE_INFINITY : (this.#due.get(id) ?? 0) - performance.now()
  }

  async look({ id }: ActiveJob): Promise<void> {
    this.#busy.add(id)
    try {
      const job = await findJob(id)
      const backoff = await backoffOf(job.provider_id)
      if (backoff) await this.#waitOut(job, backoff)
      else await this.#see(job)
    } finally {
      this.#busy.delete(id)
    }
  }

  async #see(job: JobRecord): Promise<void> {
    try {
      await syncJob(job, this.#signal)
    } catch (thrown) {
      if (!this.#signal.aborted) await this.#fail(job, thrown)
      return
    }
    this.#failures.delete(job.id)
    this.#wait(job, this.#poll(job))
    await keepSyncError(job, null)
  }

  async #fail(job: JobRecord, thrown: unknown): Promise<void> {
    const { count, since } = this.#failures.get(job.id) ?? { count: triesOf(job), since: Date.now() }
    const tries = count + 1
    if (gone(thrown, tries)) return markGone(job.id)
    const error = failure(thrown)
    logInternal(error)
    this.#failures.set(job.id, { count: tries, since })
    this.#wait(job, Math.max(this.#poll(job) + backOff(tries, this.#pace.longest), askedDelay(thrown)))
    const backoff = await noteFailure(job.provider_id, thrown)
    if (backoff) await this.#waitOut(job, backoff)
    else if (tries >= SHOWN_FROM) await keepSyncError(job, { code: error.code, ...error.words, since, tries })
  }

  /** Nothing is sent during the provider's backoff; the job says why. */
  async #waitOut(job: JobRecord, { reason, message, since, until }: Backoff): Promise<void> {
    const tries = this.#failures.get(job.id)?.count ?? triesOf(job)
    const syncError: JobSyncError = { code: reason, message, since, tries }
    this.#wait(job, until === null ? BACKOFF_LOOK : Math.min(BACKOFF_LOOK, Math.max(0, until - Date.now())))
    await keepSyncError(job, syncError)
  }

  #poll({ provider_id }: JobRecord): number {
    return this.#pace.poll ?? capabilitiesOf(ProviderId.parse(provider_id)).pollMs
  }

  #wait(job: JobRecord, ms: number): void {
    this.#due.set(job.id, performance.now() + ms)
  }
}
