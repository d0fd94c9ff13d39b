import { describe, expect, test } from 'vitest'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import type { Backoff } from '#lib/providers/schema.ts'
import type { Fault, Operation } from '../support/chaos-faults.ts'
import {
  cells,
  EVERY,
  expectHold,
  expectSeenAgain,
  expectTrouble,
  fail,
  follow,
  healed,
  PAGES,
  provider,
  rounds,
  started,
} from '../support/faults.ts'
import { untilTrue as until } from '../support/until.ts'

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

  test.each(NO_CURVE)('%s: a job without a curve still ends', async (fault) => {
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
