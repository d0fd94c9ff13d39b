import { afterAll, afterEach, beforeEach, expect, vi } from 'vitest'
import type { ErrorCode } from '#lib/core/errors.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import { backoffOf, endBackoff } from '#lib/providers/backoff.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import type { Backoff } from '#lib/providers/schema.ts'
import type { Fault, Operation } from './chaos-faults.ts'
import { startChaosProvider } from './chaos-provider.ts'
import { jobDraft } from './job-draft.ts'
import { QUICK } from './quick.ts'
import { setUpStudio } from './set-up.ts'
import { startTrainingProvider } from './training-provider.ts'
import { untilTrue as until } from './until.ts'

/*
 * A studio and a provider that fails as it is told, for the test files that import it: its hooks run around each of
 * their tests.
 */

/**
 * Every way in which a provider fails, at everything that it is asked: what the run says afterwards, what a person is
 * told, and how often the provider was asked.
 */

export const provider = await startChaosProvider()
await setUpStudio(provider)
const { id: datasetId } = await loadSample()
/** Another provider, which is well and has no jobs: how often it is asked tells how often the follower went round. */
const beacon = await startTrainingProvider()

export const US = 'compatible'

let stop: AbortController
let following: Promise<void> | undefined

beforeEach(async () => {
  provider.reset()
  for (const table of ['jobs', 'uploads', 'spend', 'provider_holds'] as const)
    await studio().deleteFrom(table).execute()
  stop = new AbortController()
  following = undefined
})
afterEach(async () => {
  stop.abort()
  provider.heal()
  await following
  setEngineAddress(null)
})
afterAll(async () => {
  await provider.close()
  await beacon.close()
})

export const draft = (): JobDraft => jobDraft(datasetId, { providerId: US, model: 'small', suffix: 'elle' })

export const follow = () => {
  setEngineAddress(beacon)
  following = startSyncLoop(stop.signal, QUICK)
}

/** Long enough that the follower, were it to ask, would have asked. */
export const rounds = () => beacon.asked('GET /fine_tuning/jobs', 3)

/** A provider that never ends its answer is given up after a minute or more: here as soon as it has stalled. */
const impatient = () => {
  const limits = new Set<AbortController>()
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const limit = new AbortController()
    limits.add(limit)
    return limit.signal
  })
  provider.onStall = () => {
    for (const limit of limits) limit.abort(new DOMException('The time is over.', 'TimeoutError'))
    limits.clear()
  }
}

export interface Outcome {
  code: ErrorCode
  words: RegExp
  /** Answered, and the answer was no: a creation or an upload certainly did nothing. */
  certain?: true
  hold?: Backoff['reason']
}

const unreachable = (words: RegExp): Outcome => ({ code: 'provider_unreachable', words })
const refused = (words: RegExp): Outcome => ({ code: 'provider_refused', words })
const no = (words: RegExp, hold?: Backoff['reason']): Outcome => ({ ...refused(words), certain: true, hold })

/** What each fault is to a person; null: nothing, it is got over. */
const PAPER = {
  latency: null,
  slicer: null,
  stall: unreachable(/did not answer in time/),
  'reset before': unreachable(/could not be reached/),
  'reset after': unreachable(/could not be reached/),
  'cut body': unreachable(/was cut off/),
  'bad JSON': refused(/not JSON/),
  'HTML 200': refused(/not JSON/),
  'HTML 502': refused(/answered with a web page/),
  failure: refused(/had an error/),
  overloaded: refused(/overloaded/),
  timeout: refused(/timed out/),
  conflict: no(/being changed/),
  'bad key': no(/Incorrect API key/, 'bad_key'),
  forbidden: no(/insufficient permissions/, 'forbidden'),
  'wind-down': no(/not available to this organization/),
  vanished: no(/Nothing is here/),
  'rate limit': no(/Rate limit reached/, 'rate_limited'),
  quota: no(/exceeded your current quota/, 'quota'),
  'gzip bomb': refused(/larger than \d+ MB/),
  'huge body': refused(/larger than \d+ MB/),
} satisfies Partial<Record<Fault, Outcome | null>>

export const PAGES = ['duplicate pages', 'ignored after', 'shifted pages'] as const

type Told = keyof typeof PAPER
export const EVERY = Object.keys(PAPER) as Told[]

/** One cell for each fault; those named in `but` have their own lines. */
export const cells = (faults: readonly Fault[], but: readonly Fault[] = []) =>
  faults.filter((fault) => !but.includes(fault)).map((fault) => [fault, paperOf(fault)] as const)

const paperOf = (fault: Fault): Outcome | null =>
  (PAPER as Partial<Record<Fault, Outcome | null>>)[fault] ?? null

export const fail = (operation: Operation, fault: Fault, times?: number) => {
  if (fault === 'stall') impatient()
  provider.fail({ operation, fault, times })
}

/** The provider is on hold for that reason: until the end of what it asked for, or until a person says otherwise. */
export async function expectHold(reason: Backoff['reason'] | undefined, since: number): Promise<void> {
  const hold = await backoffOf(US)
  expect(hold?.reason).toBe(reason)
  if (!hold) return
  if (reason !== 'rate_limited') return expect(hold.until).toBeNull()
  // Retry-After in full, also beyond a minute.
  expect((hold.until ?? 0) - hold.since).toBe(120_000)
  expect(hold.since).toBeGreaterThanOrEqual(since)
}

/** Repaired, and a person has said "check again". */
export async function healed(): Promise<void> {
  provider.heal()
  vi.mocked(AbortSignal.timeout).mockRestore?.()
  await endBackoff(US)
}

const remoteOf = (remoteId: string | null) => {
  const job = provider.inner.jobs.get(remoteId ?? '')
  if (!job) throw new Error(`${remoteId} is not at the provider`)
  return job
}

export const started = async () => {
  const { id, remoteId } = await launchJob(draft())
  return { id, remoteId, remote: remoteOf(remoteId) }
}

/** The run says what keeps it from being seen, and how often; when the provider is well again it says no more. */
export async function expectTrouble(id: string, operation: Operation, outcome: Outcome): Promise<void> {
  await until(async () => (await getJob(id)).trouble !== null)
  // Counted first: what is written down meanwhile can only be more.
  const calls = provider.calls(operation)
  const { trouble, status } = await getJob(id)
  expect(status).toBe('validating_files')
  expect(trouble).toMatchObject({
    code: outcome.hold ?? outcome.code,
    message: expect.stringMatching(outcome.words),
  })
  if (outcome.hold) {
    expect(provider.calls(operation)).toBe(1)
    await rounds()
    return expect(provider.calls(operation)).toBe(1)
  }
  expect(trouble?.tries).toBeGreaterThanOrEqual(2)
  // One call a look: nothing is sent again behind our back.
  expect(calls - (trouble?.tries ?? 0)).toBeLessThanOrEqual(1)
}

export async function expectSeenAgain(id: string): Promise<void> {
  await healed()
  await until(async () => (await getJob(id)).trouble === null)
  const job = await getJob(id)
  remoteOf(job.remoteId).status = 'running'
  await until(async () => (await getJob(id)).status === 'running')
}
