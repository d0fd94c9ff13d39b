import { describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { failure } from '#lib/http/failure.ts'
import { cancelJob } from '#lib/jobs/cancel.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { reconcileJob } from '#lib/jobs/reconcile.ts'
import { listModels } from '#lib/models/list.ts'
import { backoffOf } from '#lib/providers/backoff.ts'
import { COMMITTED } from '../support/chaos-faults.ts'
import {
  cells,
  draft,
  EVERY,
  expectHold,
  expectSeenAgain,
  expectTrouble,
  fail,
  follow,
  healed,
  type Outcome,
  PAGES,
  provider,
  rounds,
  started,
  US,
} from '../support/faults.ts'
import { untilTrue as until } from '../support/until.ts'

/** What a verb came to: its answer, or the refusal as the edge shows it. */
const tried = async <Answer>(verb: Promise<Answer>) =>
  verb.then(
    (answer) => ({ answer, error: null }),
    (thrown: unknown) => ({ answer: null, error: failure(thrown) }),
  )

const shows = ({ code, words }: Outcome) => ({ code, message: expect.stringMatching(words) })

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
      await until(async () => (await backoffOf(US)) !== null)
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
    expect(await backoffOf(US)).toBeNull()
  })
})
