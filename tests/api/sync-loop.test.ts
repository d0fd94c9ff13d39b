import { describe, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { findJob } from '#lib/jobs/store.ts'
import * as cancelRoute from '../../app/api/jobs/[jobId]/cancel/route.ts'
import * as pauseRoute from '../../app/api/jobs/[jobId]/pause/route.ts'
import * as resumeRoute from '../../app/api/jobs/[jobId]/resume/route.ts'
import { answer, callsOf, finished, follow, foreign, JOB, provider, step } from '../support/sync-loop.ts'
import { untilTrue as until } from '../support/until.ts'

const LIST = 'GET /fine_tuning/jobs'

describe('discovery', () => {
  const createMany = (count: number, from = 0) => {
    for (let n = from; n < from + count; n++)
      provider.jobs.set(`ftjob-many-${n}`, {
        id: `ftjob-many-${n}`,
        object: 'fine_tuning.job',
        status: 'succeeded',
        model: `m${n}`,
        created_at: 1_700_000_000 + n,
        finished_at: 1_700_000_000 + n,
      })
  }
  const models = async () =>
    (await studio().selectFrom('jobs').select('model').orderBy('number').execute()).map(({ model }) => model)

  test('catches up with days of jobs over many pages, in the order of their creation', async () => {
    createMany(150)
    follow()
    await until(async () => (await models()).length === 150)
    expect(await models()).toEqual(Array.from({ length: 150 }, (_, n) => `m${n}`))
    createMany(30, 150)
    await until(async () => (await models()).length === 180)
    expect((await models()).at(-1)).toBe('m179')
  })

  test('is not stopped by a known job at the top, nor held by a server that ignores "after"', async () => {
    createMany(30)
    await studio()
      .insertInto('jobs')
      .values({
        id: newJobId(),
        number: 1,
        provider_id: 'embedded',
        remote_id: 'ftjob-many-29',
        launch: 'known',
        request_hash: '',
        request_json: '{}',
        status: 'succeeded',
        model: 'm29',
        created_at: 1,
        updated_at: 1,
        finished_at: 1,
        change: 1,
      })
      .execute()
    follow()
    await until(async () => (await models()).length === 30)
    provider.faults.ignoresAfter = true
    createMany(5, 30)
    await until(async () => (await models()).length === 35)
  })
})

describe('jobs that wait for the engine', () => {
  const COUNT = 30

  /** Counts the looks at each job by itself. */
  const looksAt = (ids: readonly string[]) => {
    const looks = new Map<string, number>()
    provider.onJob = (id) => looks.set(id, (looks.get(id) ?? 0) + 1)
    return (places: readonly number[]) => places.map((place) => looks.get(ids[place] ?? '') ?? 0)
  }

  const statuses = async () =>
    (await studio().selectFrom('jobs').select('status').orderBy('remote_id').execute()).map(
      ({ status }) => status,
    )

  test('are followed by one list for all; the one that trains, and the next, by looks of their own', async () => {
    const ids = Array.from({ length: COUNT }, (_, n) => `ftjob-${String(n).padStart(3, '0')}`)
    for (const [n, id] of ids.entries())
      provider.jobs.set(id, {
        ...{ id, object: 'fine_tuning.job', model: 'base', created_at: 1_700_000_000 + n },
        status: n === 0 ? 'running' : 'queued',
      })
    follow()
    const unseen = () => studio().selectFrom('jobs').select('id').where('job_json', 'is not', null).execute()
    await until(async () => (await unseen()).length === COUNT)
    // Looks that were begun before the first of them ended.
    const lists = callsOf(LIST)
    await until(() => callsOf(LIST) > lists + 10)

    const looks = looksAt(ids)
    const others = ids.map((_, place) => place).slice(2)
    const before = callsOf(LIST)
    await until(() => callsOf(LIST) > before + 20 && looks([0, 1]).every((count) => count > 5))
    expect(looks(others)).toEqual(others.map(() => 0))

    // The first ends and the next begins; one in the middle is cancelled by other code, the last is gone.
    Object.assign(provider.jobs.get(ids[15] ?? '') ?? {}, { status: 'cancelled', finished_at: 1_700_000_100 })
    Object.assign(provider.jobs.get(ids[0] ?? '') ?? {}, { status: 'succeeded', finished_at: 1_700_000_100 })
    Object.assign(provider.jobs.get(ids[1] ?? '') ?? {}, { status: 'running' })
    provider.jobs.delete(ids[29] ?? '')
    await until(async () => {
      const now = await statuses()
      return now[0] === 'succeeded' && now[15] === 'cancelled' && now[29] === 'failed'
    })
    await until(() => looks([2]).every((count) => count > 5))
    const still = others.filter((place) => ![2, 15, 29].includes(place))
    expect(looks(still)).toEqual(still.map(() => 0))
  })
})

describe('pausing', () => {
  const change = (route: typeof pauseRoute | typeof resumeRoute, jobId: string) =>
    route.POST(new Request('http://localhost/', { method: 'POST' }), { params: Promise.resolve({ jobId }) })

  test('is asked of the provider, and a paused job is followed by the list alone', async () => {
    const times = { validating_files: 1_000, queued: 2_000, running: 3_000 }
    const limerick = { status_times: times, step: 7, total_steps: 20, paused_ms: 0 }
    const { id, remote, remoteId } = await foreign({ status: 'running', limerick })
    const pausing = await change(pauseRoute, id)
    expect(pausing.status).toBe(200)
    expect(await pausing.json()).toMatchObject({ status: 'pausing' })
    Object.assign(remote, { status: 'paused' })
    const status = async () => (await findJob(id)).status
    await until(async () => (await status()) === 'paused')

    const before = callsOf(LIST)
    let looks = 0
    provider.onJob = (seen) => (looks += Number(seen === remoteId))
    await until(() => callsOf(LIST) > before + 20)
    expect(looks).toBe(0)

    expect(await (await change(resumeRoute, id)).json()).toMatchObject({ status: 'queued' })
    Object.assign(remote, { status: 'running', limerick: { ...limerick, paused_ms: 60_000 } })
    await until(async () => (await status()) === 'running')
    // It counts as begun so much later, so that every time since then is that of its training.
    expect(await getJob(id)).toMatchObject({
      runningAt: 63_000,
      pausedMs: 60_000,
      finalStep: null,
      best: null,
    })
  })

  test('of what has ended is refused here, and what the provider refuses is told in its words', async () => {
    const { id, remote } = await foreign({ status: 'running' })
    provider.instead.set(
      'POST /fine_tuning/jobs/:id/resume',
      answer(400, '{"error":{"message":"Job x cannot be resumed: it is running, not paused."}}'),
    )
    const refused = await change(resumeRoute, id)
    expect(refused.status).toBe(502)
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('not paused') } })
    Object.assign(remote, { status: 'succeeded', finished_at: 1_700_000_100 })
    await until(() => finished(id))
    expect((await change(pauseRoute, id)).status).toBe(409)
  })
})

describe('the reason of a failure', () => {
  test('is read from the file when neither job nor events give it', async () => {
    provider.fileFacts.set('file-train', {
      status: 'error',
      status_details:
        "Invalid file format. Example 1273 cannot be parsed. Error: line contains invalid json: Expecting ',' delimiter: line 1 column 79 (char 78) (line 1274)",
    })
    const { id } = await foreign({ status: 'failed', training_file: 'file-train' })
    await until(() => finished(id))
    expect(JSON.parse((await findJob(id)).error_json ?? '')).toMatchObject({
      message: expect.stringContaining('Example 1273 cannot be parsed'),
      row: 1273,
      line: 1274,
    })
  })

  test('is one out of job, event and file, each said once', async () => {
    provider.fileFacts.set('file-train', { status_details: 'Example 7 contains an extra "weight". (line 9)' })
    const made = await foreign({
      training_file: 'file-train',
      error: { code: 'invalid_training_file', message: 'The job failed due to an invalid training file.' },
    })
    provider.tell(made.remoteId, {
      level: 'error',
      message: 'The job failed due to an invalid training file. Invalid file format.',
    })
    Object.assign(made.remote, { status: 'failed' })
    await until(() => finished(made.id))
    expect(JSON.parse((await findJob(made.id)).error_json ?? '')).toEqual({
      code: 'invalid_training_file',
      param: null,
      message:
        'The job failed due to an invalid training file. Invalid file format. Example 7 contains an extra "weight". (line 9)',
      row: 7,
      line: 9,
    })
  })
})

describe('the bill', () => {
  const PRICE = { per_million: 3_000_000, reserved: 9_000 }

  async function ended(fields: Record<string, unknown>, tell: (remoteId: string) => void = () => {}) {
    const made = await foreign()
    await studio()
      .insertInto('spend')
      .values({ id: made.id, provider_id: 'openai', kind: 'job', ...PRICE, created_at: Date.now() })
      .execute()
    tell(made.remoteId)
    Object.assign(made.remote, fields)
    await until(() => finished(made.id))
    const spend = await studio().selectFrom('spend').selectAll().where('id', '=', made.id).executeTakeFirst()
    return Number(spend?.spent ?? Number.NaN)
  }

  test('is the trained tokens by the price of the launch', async () => {
    expect(await ended({ status: 'succeeded', trained_tokens: 2_001 })).toBe(6_003)
  })
  test('is nothing for a run that failed before it trained', async () => {
    expect(await ended({ status: 'failed', error: { message: 'No.' } })).toBe(0)
  })
  test('of a run that was cancelled is the share that was trained, rounded up', async () => {
    expect(await ended({ status: 'cancelled' }, (id) => provider.tell(id, step(1, 1)))).toBe(2_250)
  })
  test('is all that was set aside where nobody can say more', async () => {
    expect(await ended({ status: 'succeeded', trained_tokens: null })).toBe(9_000)
  })
})

describe('cancelling', () => {
  const cancel = (id: string, body?: unknown) =>
    cancelRoute.POST(
      new Request('http://localhost/', {
        method: 'POST',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
      { params: Promise.resolve({ jobId: id }) },
    )

  test('may ask to keep what was learnt, where the provider can', async () => {
    const { id } = await foreign()
    expect((await cancel(id, { keep: true })).status).toBe(200)
    expect(provider.cancels).toEqual(['{"limerick":{"keep":true}}'])
  })

  test('sends no body otherwise, and takes none', async () => {
    const first = await foreign()
    expect((await cancel(first.id)).status).toBe(200)
    const second = await foreign()
    expect((await cancel(second.id, {})).status).toBe(200)
    expect(provider.cancels).toEqual(['', ''])
    expect((await cancel((await foreign()).id, { keep: 'yes' })).status).toBe(400)
  })

  test('counts when the run has ended, whatever the answer was', async () => {
    const { id, remote } = await foreign()
    provider.instead.set('POST /fine_tuning/jobs/:id/cancel', (response) => {
      Object.assign(remote, { status: 'cancelled' })
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    })
    expect(await (await cancel(id)).json()).toMatchObject({ status: 'cancelled' })
    const lost = await foreign()
    provider.instead.set('POST /fine_tuning/jobs/:id/cancel', (response) => {
      Object.assign(lost.remote, { status: 'cancelled' })
      response.socket?.destroy()
    })
    expect(await (await cancel(lost.id)).json()).toMatchObject({ status: 'cancelled' })
  })

  test('a job that cannot be read afterwards is the provider’s fault, not ours', async () => {
    const { id } = await foreign()
    provider.instead.set(JOB, answer(200, '{"id": 7}'))
    const refused = await cancel(id)
    expect(refused.status).toBe(502)
    expect(await refused.json()).toMatchObject({ error: { code: 'provider_refused' } })
  })
})
