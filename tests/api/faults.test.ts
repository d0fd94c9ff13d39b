import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ErrorCode } from '#lib/core/errors.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { failure } from '#lib/http/failure.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { startSyncLoop as startFollower } from '#lib/jobs/sync-loop.ts'
import { listModels } from '#lib/models/list.ts'
import { backoffOf as holdOf, endBackoff as releaseHold } from '#lib/providers/backoff.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import type { Backoff } from '#lib/providers/schema.ts'
import { COMMITTED, type Fault, type Operation, startChaosProvider } from '../support/chaos-provider.ts'
import { jobDraft } from '../support/job-draft.ts'
import { QUICK } from '../support/quick.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider } from '../support/training-provider.ts'
import { untilTrue as until } from '../support/until.ts'

/**
 * Every way in which a provider fails, at everything that it is asked: what the run says afterwards, what a person is
 * told, and how often the provider was asked.
 */

const provider = await startChaosProvider()
await setUpStudio(provider)
const { id: datasetId } = await loadSample()
/** Another provider, which is well and has no jobs: how often it is asked tells how often the follower went round. */
const beacon = await startTrainingProvider()

const US = 'compatible'

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

const draft = (): JobDraft => jobDraft(datasetId, { providerId: US, model: 'small', suffix: 'elle' })

const follow = () => {
  setEngineAddress(beacon)
  following = startFollower(stop.signal, QUICK)
}

/** Long enough that the follower, were it to ask, would have asked. */
const rounds = () => beacon.asked('GET /fine_tuning/jobs', 3)

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

interface Outcome {
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
  'cut body': unreachable(/broke off/),
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

const PAGES = ['duplicate pages', 'ignored after', 'shifted pages'] as const

type Told = keyof typeof PAPER
const EVERY = Object.keys(PAPER) as Told[]

/** One cell for each fault; those named in `but` have their own lines. */
const cells = (faults: readonly Fault[], but: readonly Fault[] = []) =>
  faults.filter((fault) => !but.includes(fault)).map((fault) => [fault, paperOf(fault)] as const)

const paperOf = (fault: Fault): Outcome | null =>
  (PAPER as Partial<Record<Fault, Outcome | null>>)[fault] ?? null

const fail = (operation: Operation, fault: Fault, times?: number) => {
  if (fault === 'stall') impatient()
  provider.fail({ operation, fault, times })
}

/** What a verb came to: its answer, or the refusal as the edge shows it. */
const tried = async <Answer>(verb: Promise<Answer>) =>
  verb.then(
    (answer) => ({ answer, error: null }),
    (thrown: unknown) => ({ answer: null, error: failure(thrown) }),
  )

const shows = ({ code, words }: Outcome) => ({ code, message: expect.stringMatching(words) })

/** The provider is on hold for that reason: until the end of what it asked for, or until a person says otherwise. */
async function expectHold(reason: Backoff['reason'] | undefined, since: number): Promise<void> {
  const hold = await holdOf(US)
  expect(hold?.reason).toBe(reason)
  if (!hold) return
  if (reason !== 'rate_limited') return expect(hold.until).toBeNull()
  // Retry-After in full, also beyond a minute.
  expect((hold.until ?? 0) - hold.since).toBe(120_000)
  expect(hold.since).toBeGreaterThanOrEqual(since)
}

/** Repaired, and a person has said "check again". */
async function healed(): Promise<void> {
  provider.heal()
  vi.mocked(AbortSignal.timeout).mockRestore?.()
  await releaseHold(US)
}

const remoteOf = (remoteId: string | null) => {
  const job = provider.inner.jobs.get(remoteId ?? '')
  if (!job) throw new Error(`${remoteId} is not at the provider`)
  return job
}

const started = async () => {
  const { id, remoteId } = await launchJob(draft())
  return { id, remoteId, remote: remoteOf(remoteId) }
}

describe('creating a job', () => {
  test.each(cells(EVERY))('%s', async (fault, outcome) => {
    const since = Date.now()
    const intent = draft()
    fail('create', fault)
    const { answer, error } = await tried(launchJob(intent))
    expect(provider.calls('create')).toBe(1)
    if (outcome === null) return expect(answer).toMatchObject({ launch: 'known' })
    if (outcome.certain) {
      if (fault === 'wind-down')
        expect(error).toMatchObject({
          code: 'forbidden',
          message: expect.stringMatching(/2027-01-06.*built-in engine/),
        })
      else expect(error).toMatchObject(shows(outcome))
      expect(await listJobs()).toEqual([])
      // A 403 is about what was asked for: what runs goes on being followed.
      await expectHold(outcome.hold === 'forbidden' ? undefined : outcome.hold, since)
      // The form may send it again.
      await healed()
      expect(await launchJob(intent)).toMatchObject({ launch: 'known' })
      return expect(provider.calls('create')).toBe(2)
    }
    expect(answer).toMatchObject({ launch: 'unknown', status: 'unknown', remoteId: null })
    await healed()
    follow()
    if (COMMITTED.includes(fault)) await until(async () => (await getJob(intent.id)).launch === 'known')
    else await until(() => provider.calls('reconcile') >= 3)
    expect(await getJob(intent.id)).toMatchObject({
      launch: COMMITTED.includes(fault) ? 'known' : 'unknown',
    })
    expect(await launchJob(intent)).toMatchObject({ id: intent.id })
    expect(provider.calls('create')).toBe(1)
    expect(await listJobs()).toHaveLength(1)
  })
})

describe('uploading a file', () => {
  test.each(cells(EVERY))('%s', async (fault, outcome) => {
    const since = Date.now()
    const intent = draft()
    fail('upload', fault)
    const { answer, error } = await tried(launchJob(intent))
    expect(provider.calls('upload')).toBe(1)
    if (outcome === null) return expect(answer).toMatchObject({ launch: 'known' })
    expect(error).toMatchObject(shows(outcome))
    expect(provider.calls('create')).toBe(0)
    expect(await listJobs()).toEqual([])
    expect(await studio().selectFrom('uploads').selectAll().execute()).toEqual([])
    await expectHold(outcome.hold === 'forbidden' ? undefined : outcome.hold, since)
    await healed()
    expect(await launchJob(intent)).toMatchObject({ launch: 'known' })
    expect(provider.calls('create')).toBe(1)
  })
})

describe('looking whether a file is still there', () => {
  test.each(cells(EVERY, ['vanished']))('%s', async (fault, outcome) => {
    const since = Date.now()
    await started()
    fail('file', fault)
    const again = draft()
    const { answer, error } = await tried(launchJob(again))
    expect(provider.calls('file')).toBe(1)
    expect(provider.calls('upload')).toBe(1)
    if (outcome === null) return expect(answer).toMatchObject({ launch: 'known' })
    expect(error).toMatchObject(shows(outcome))
    expect(provider.calls('create')).toBe(1)
    expect(await listJobs()).toHaveLength(1)
    await expectHold(outcome.hold === 'forbidden' ? undefined : outcome.hold, since)
  })

  test('vanished: it is sent again', async () => {
    await started()
    fail('file', 'vanished')
    expect(await launchJob(draft())).toMatchObject({ launch: 'known' })
    expect(provider.calls('upload')).toBe(2)
  })
})

/** The run says what keeps it from being seen, and how often; when the provider is well again it says no more. */
async function expectTrouble(id: string, operation: Operation, outcome: Outcome): Promise<void> {
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

async function expectSeenAgain(id: string): Promise<void> {
  await healed()
  await until(async () => (await getJob(id)).trouble === null)
  const job = await getJob(id)
  remoteOf(job.remoteId).status = 'running'
  await until(async () => (await getJob(id)).status === 'running')
}

describe('retrieving a job', () => {
  test.each(cells(EVERY, ['vanished']))('%s', async (fault, outcome) => {
    const since = Date.now()
    const { id } = await started()
    fail('retrieve', fault)
    follow()
    if (outcome === null) {
      await until(() => provider.calls('retrieve') >= 3)
      return expect((await getJob(id)).trouble).toBeNull()
    }
    await expectTrouble(id, 'retrieve', outcome)
    expect(provider.calls('events')).toBe(0)
    await expectHold(outcome.hold, since)
    await expectSeenAgain(id)
  })

  test('vanished', async () => {
    const { id } = await started()
    fail('retrieve', 'vanished')
    follow()
    await until(async () => (await getJob(id)).finishedAt !== null)
    expect(await getJob(id)).toMatchObject({
      status: 'failed',
      trouble: null,
      error: { code: 'gone', message: expect.stringMatching(/deleted, or belongs to another project/) },
    })
    await rounds()
    expect(provider.calls('retrieve')).toBe(1)
  })
})

const NOT_OFFERED: Fault[] = ['forbidden', 'wind-down', 'vanished']

const messages = async (id: string) => (await jobEvents(id)).map(({ message }) => message).toReversed()

describe('listing events', () => {
  const tell = (remoteId: string | null) => {
    for (let n = 1; n <= 5; n++) provider.inner.tell(remoteId ?? '', { message: `line ${n}` })
    provider.page = 2
  }
  const lines = ['line 1', 'line 2', 'line 3', 'line 4', 'line 5']

  test.each(cells(EVERY, NOT_OFFERED))('%s', async (fault, outcome) => {
    const since = Date.now()
    const { id, remoteId } = await started()
    tell(remoteId)
    fail('events', fault)
    follow()
    if (outcome !== null) {
      await expectTrouble(id, 'events', outcome)
      await expectHold(outcome.hold, since)
      await expectSeenAgain(id)
    }
    await until(async () => (await jobEvents(id)).length === 5)
    expect(await messages(id)).toEqual(lines)
  })

  test.each(NOT_OFFERED)('%s: a server without events has not lost the job', async (fault) => {
    const { id, remote } = await started()
    fail('events', fault)
    remote.status = 'succeeded'
    follow()
    await until(async () => (await getJob(id)).finishedAt !== null)
    expect(await getJob(id)).toMatchObject({ status: 'succeeded', trouble: null, eventCount: 0 })
    expect(provider.calls('events')).toBe(1)
  })

  test.each(['duplicate pages', 'shifted pages'] as const)('%s', async (fault) => {
    const { id, remoteId } = await started()
    tell(remoteId)
    fail('events', fault)
    follow()
    await until(async () => (await jobEvents(id)).length >= 5)
    await healed()
    provider.inner.tell(remoteId ?? '', { message: 'last' })
    await until(async () => (await messages(id)).includes('last'))
    const address = `${provider.inner.baseURL}/fine_tuning/jobs/${remoteId}/events?limit=100`
    const { data } = (await (await fetch(address)).json()) as { data: { message: string }[] }
    const all = data.map(({ message }) => message)
    if (fault === 'shifted pages') expect(all).toContain('came between 1')
    expect(await messages(id)).toEqual(all.toReversed())
  })

  test('ignored after: a server without pages is read as far as it goes, and no further', async () => {
    const { id, remoteId } = await started()
    tell(remoteId)
    fail('events', 'ignored after')
    follow()
    await until(async () => (await jobEvents(id)).length === 2)
    provider.inner.tell(remoteId ?? '', { message: 'line 6' })
    await until(async () => (await jobEvents(id)).length === 3)
    expect(await messages(id)).toEqual(['line 4', 'line 5', 'line 6'])
    // Twice the first page at most, then it is seen for what it is.
    expect(provider.calls('events')).toBeLessThanOrEqual(2 * provider.calls('retrieve'))
  })
})

const checkpoint = (step: number) => ({
  id: `ftckpt-${step}`,
  object: 'fine_tuning.job.checkpoint',
  created_at: 1_790_000_000 + step,
  step_number: step,
  fine_tuned_model_checkpoint: `ft:small:elle:${step}`,
  metrics: { step, train_loss: 1 / step },
})

/** What is read once, at a run's end. */
async function ended(fault: Fault, operation: Operation, times?: number) {
  const { id, remoteId, remote } = await started()
  provider.checkpoints.set(remoteId ?? '', [checkpoint(2), checkpoint(1)])
  provider.inner.files.set('file-result', 'step,train_loss,train_accuracy\n1,2.5,0.1\n2,0,1\n')
  Object.assign(remote, { status: 'succeeded', result_files: ['file-result'], fine_tuned_model: 'ft:small' })
  fail(operation, fault, times)
  follow()
  return id
}

async function expectEnd(id: string, of: { checkpoints: number; points: number }): Promise<void> {
  await until(async () => (await getJob(id)).finishedAt !== null)
  const job = await getJob(id)
  expect(job).toMatchObject({ status: 'succeeded', fineTunedModel: 'ft:small', pointCount: of.points })
  expect(job.checkpoints).toHaveLength(of.checkpoints)
}

/** Held: one call and no end, until a person says "check again". */
async function expectWaiting(id: string, operation: Operation, reason: Backoff['reason'], since: number) {
  await until(async () => (await getJob(id)).trouble?.code === reason)
  await rounds()
  expect(provider.calls(operation)).toBe(1)
  expect(await getJob(id)).toMatchObject({ finishedAt: null })
  await expectHold(reason, since)
  await healed()
}

const WHOLE = { checkpoints: 2, points: 2 }

describe('listing checkpoints', () => {
  test.each(cells(EVERY, NOT_OFFERED))('%s', async (fault, outcome) => {
    const since = Date.now()
    const id = await ended(fault, 'checkpoints', outcome && !outcome.hold ? 2 : undefined)
    if (outcome?.hold) await expectWaiting(id, 'checkpoints', outcome.hold, since)
    await expectEnd(id, WHOLE)
    expect(provider.calls('checkpoints')).toBe(outcome === null ? 1 : outcome.hold ? 2 : 3)
  })

  test.each(NOT_OFFERED)('%s: a server without checkpoints has not lost the job', async (fault) => {
    const id = await ended(fault, 'checkpoints')
    await expectEnd(id, { ...WHOLE, checkpoints: 0 })
    expect(provider.calls('checkpoints')).toBe(1)
  })

  test('a run does not wait for ever for checkpoints that are not to be had', async () => {
    const id = await ended('failure', 'checkpoints')
    await expectEnd(id, { checkpoints: 0, points: 0 })
    expect(provider.calls('checkpoints')).toBe(6)
  })

  test.each(PAGES)('%s', async (fault) => {
    const id = await ended(fault, 'checkpoints')
    await expectEnd(id, WHOLE)
  })
})

/** A result file that is something else, or larger than any curve, is none. */
const NO_CURVE: Fault[] = ['bad JSON', 'HTML 200', 'gzip bomb', 'huge body', ...NOT_OFFERED]

describe('the result file', () => {
  test.each(cells(EVERY, NO_CURVE))('%s', async (fault, outcome) => {
    const since = Date.now()
    const id = await ended(fault, 'result', outcome && !outcome.hold ? 2 : undefined)
    if (outcome?.hold) await expectWaiting(id, 'result', outcome.hold, since)
    await expectEnd(id, WHOLE)
    expect(provider.calls('result')).toBe(outcome === null ? 1 : outcome.hold ? 2 : 3)
  })

  test.each(NO_CURVE)('%s: a run without its curve has ended all the same', async (fault) => {
    const id = await ended(fault, 'result')
    await expectEnd(id, { ...WHOLE, points: 0 })
    expect(provider.calls('result')).toBe(1)
  })

  test('base64', async () => {
    await expectEnd(await ended('base64', 'result'), WHOLE)
  })

  test('as Azure writes it: plain, -1 for what was not measured', async () => {
    const id = await ended('latency', 'result')
    provider.inner.files.set('file-result', 'step,train_loss,validation_loss\n1,2.5,-1\n2,0,0.5\n')
    await expectEnd(id, WHOLE)
    expect(await getJob(id)).toMatchObject({ lastLoss: 0, bestValid: 0.5, bestValidStep: 2 })
  })
})

describe('cancelling', () => {
  test.each(cells(EVERY))('%s', async (fault, outcome) => {
    const { id, remote } = await started()
    fail('cancel', fault)
    const { answer, error } = await tried(cancelJob(id))
    expect(provider.calls('cancel')).toBe(1)
    if (COMMITTED.includes(fault)) {
      // An answer that was lost counts for nothing where the run is seen to have ended.
      expect(error).toBeNull()
      return expect(answer).toMatchObject({ status: 'cancelled' })
    }
    expect(error).toMatchObject(outcome ? shows(outcome) : {})
    expect(remote.status).toBe('validating_files')
    expect(await getJob(id)).toMatchObject({ status: 'validating_files', finishedAt: null })
    await healed()
    expect(await cancelJob(id)).toMatchObject({ status: 'cancelled' })
  })
})

describe('looking up what became of a creation', () => {
  const lost = async () => {
    provider.fail({ operation: 'create', fault: 'reset after', times: 1 })
    const { id, launch } = await launchJob(draft())
    expect(launch).toBe('unknown')
    return id
  }

  test.each([...cells(EVERY), ...cells(PAGES)])('%s', async (fault, outcome) => {
    const since = Date.now()
    const id = await lost()
    fail('reconcile', fault)
    const { answer, error } = await tried(reconcileJob(id))
    expect(provider.calls('reconcile')).toBe(1)
    if (outcome === null) return expect(answer).toMatchObject({ launch: 'known' })
    expect(error).toMatchObject(shows(outcome))
    expect(await getJob(id)).toMatchObject({ launch: 'unknown' })
    await expectHold(outcome.hold === 'forbidden' ? undefined : outcome.hold, since)
    if (outcome.hold && outcome.hold !== 'forbidden') {
      await expect(reconcileJob(id)).rejects.toMatchObject({ facts: { hold: outcome.hold } })
      expect(provider.calls('reconcile')).toBe(1)
    }
    await healed()
    expect(await reconcileJob(id)).toMatchObject({ launch: 'known' })
    expect(provider.calls('create')).toBe(1)
  })
})

describe('looking for jobs of other code', () => {
  const strangers = async (count: number) => {
    for (let n = 0; n < count; n++)
      await fetch(`${provider.inner.baseURL}/fine_tuning/jobs`, {
        method: 'POST',
        body: JSON.stringify({ model: `elsewhere-${n}` }),
      })
  }

  test.each(cells(EVERY))('%s', async (fault, outcome) => {
    const since = Date.now()
    await strangers(1)
    fail('discover', fault)
    follow()
    const isHeld = outcome?.hold !== undefined && outcome.hold !== 'forbidden'
    await until(() => provider.calls('discover') >= (isHeld || fault === 'stall' ? 1 : 3))
    if (isHeld) {
      await until(async () => (await holdOf(US)) !== null)
      await rounds()
      expect(provider.calls('discover')).toBe(1)
    }
    if (outcome !== null) expect(await listJobs()).toEqual([])
    await expectHold(isHeld ? outcome?.hold : undefined, since)
    await healed()
    await until(async () => (await listJobs()).length === 1)
    expect((await listJobs())[0]).toMatchObject({ launch: 'found', model: 'elsewhere-0' })
  })

  test.each(PAGES)('%s', async (fault) => {
    await strangers(5)
    provider.page = 2
    fail('discover', fault)
    follow()
    const hasAll = async () => (await listJobs()).length === provider.inner.jobs.size
    if (fault === 'ignored after') {
      await until(async () => (await listJobs()).length === 2)
      await healed()
      provider.page = 20
    }
    await until(hasAll)
    const remote = (await listJobs()).map(({ remoteId }) => remoteId)
    expect(new Set(remote)).toEqual(new Set(provider.inner.jobs.keys()))
  })
})

describe('listing models', () => {
  test.each(cells(EVERY))('%s', async (fault, outcome) => {
    provider.inner.models.push({ id: 'small', object: 'model' }, { id: 'large', object: 'model' })
    fail('models', fault)
    const { models, failures } = await listModels()
    expect(provider.calls('models')).toBe(1)
    expect(models.map(({ id }) => id)).toEqual(outcome === null ? ['small', 'large'] : [])
    expect(failures).toEqual(
      outcome === null ? [] : [expect.objectContaining({ message: expect.stringMatching(outcome.words) })],
    )
    expect(await holdOf(US)).toBeNull()
  })
})
