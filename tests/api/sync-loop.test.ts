import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { studio } from '#lib/db/studio.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { pointsIn } from '#lib/jobs/points-store.ts'
import { findJob } from '#lib/jobs/store.ts'
import { syncErrorOf as troubleOf } from '#lib/jobs/sync-error.ts'
import { startSyncLoop as startFollower } from '#lib/jobs/sync-loop.ts'
import { backoffOf as holdOf, endBackoff as releaseHold } from '#lib/providers/backoff.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import * as cancelRoute from '../../app/api/jobs/[jobId]/cancel/route.ts'
import { QUICK } from '../support/quick.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'
import { untilTrue as until } from '../support/until.ts'

/** Another provider, which is well and has no jobs: how often it is asked tells how often the follower went round. */
const beacon = await startTrainingProvider()
await setUpStudio(beacon)

let provider: TrainingProvider
let stop: AbortController
let following: Promise<void> | undefined

beforeEach(async () => {
  provider = await startTrainingProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio().deleteFrom('jobs').execute()
  await studio().deleteFrom('spend').execute()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await following
  following = undefined
  await provider.close()
})
afterAll(async () => {
  await beacon.close()
})

const follow = () => {
  following = startFollower(stop.signal, { ...QUICK, longest: 30 })
}

/** Long enough that the follower, were it to ask, would have asked. */
const rounds = () => beacon.asked('GET /fine_tuning/jobs', 3)

const callsOf = (name: string): number => provider.calls.get(name) ?? 0
const JOB = 'GET /fine_tuning/jobs/:id'
const LIST = 'GET /fine_tuning/jobs'
const EVENTS = 'GET /fine_tuning/jobs/:id/events'

const post = (address: string, body: unknown) =>
  fetch(`${provider.baseURL}${address}`, { method: 'POST', body: JSON.stringify(body) })

/** A job that other code created, taken in. */
async function foreign(fields: Record<string, unknown> = {}) {
  const made = await post('/fine_tuning/jobs', { model: 'base', training_file: 'file-train' })
  const { id: remoteId } = (await made.json()) as { id: string }
  Object.assign(provider.jobs.get(remoteId) ?? {}, fields)
  if (!following) follow()
  await until(async () => (await runAt(remoteId)) !== undefined)
  return { remoteId, id: (await runAt(remoteId))?.id ?? '', remote: provider.jobs.get(remoteId) ?? {} }
}

const runAt = (remoteId: string) =>
  studio().selectFrom('jobs').selectAll().where('remote_id', '=', remoteId).executeTakeFirst()

const finished = async (id: string) => (await findJob(id)).finished_at !== null

const step = (n: number, loss: number, more: Record<string, unknown> = {}) => ({
  message: `Step ${n}/4: training loss=${loss.toFixed(2)}`,
  type: 'metrics',
  created_at: 1_700_000_000 + n,
  data: { step: n, total_steps: 4, train_loss: loss, ...more },
})

describe('the curve', () => {
  test('is kept as points with the event and its time, and names the best and the beginning', async () => {
    const { id, remoteId, remote } = await foreign({ status: 'running' })
    provider.tell(remoteId, { message: 'Fine-tuning job started', created_at: 1_700_000_000 })
    provider.tell(remoteId, step(1, 2, { valid_loss: 0.1 }))
    provider.tell(remoteId, step(2, 1, { valid_loss: 0.9, full_valid_loss: 1.5 }))
    await until(async () => (await findJob(id)).step === 2)
    provider.tell(remoteId, step(3, 0.5, { full_valid_loss: 1.25 }))
    provider.tell(remoteId, step(4, 0, { full_valid_loss: 1.75 }))
    Object.assign(remote, { status: 'succeeded', finished_at: 1_700_000_009 })
    await until(() => finished(id))
    expect(await pointsIn(id)).toMatchObject([
      { step: 1, at: 1_700_000_001_000, event_id: `ftevent-${remoteId}-1`, valid_loss: 0.1 },
      { step: 2, full_valid_loss: 1.5 },
      { step: 3 },
      { step: 4, train_loss: 0 },
    ])
    expect(await findJob(id)).toMatchObject({
      best_valid: 1.25,
      best_valid_step: 3,
      running_at: 1_700_000_000_000,
      last_loss: 0,
      curve_json: '[2,1,0.5,0]',
    })
  })

  test('is filled by the result file where events left gaps, and never made less exact by it', async () => {
    const { id, remoteId, remote } = await foreign({ status: 'running' })
    provider.tell(remoteId, step(1, 2.123456))
    provider.tell(remoteId, step(3, 0.5))
    provider.files.set(
      'file-r',
      'step,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy\n1,2.12,0.1,-1,-1\n2,0,0.2,0.75,0.5\n3,0.5,,,\n4,0.25,,,\n',
    )
    Object.assign(remote, { status: 'succeeded', result_files: ['file-gone', 'file-r'] })
    provider.files.set('file-gone', 'nothing of the kind')
    await until(() => finished(id))
    expect(await pointsIn(id)).toMatchObject([
      { step: 1, train_loss: 2.123456, accuracy: 0.1, valid_loss: null, valid_accuracy: null },
      { step: 2, at: null, train_loss: 0, valid_loss: 0.75, valid_accuracy: 0.5 },
      { step: 3, train_loss: 0.5 },
      { step: 4, train_loss: 0.25 },
    ])
    expect(await findJob(id)).toMatchObject({
      step: 4,
      last_loss: 0.25,
      best_valid: 0.75,
      best_valid_step: 2,
    })
  })

  test('of thousands of steps is sketched in 64 values that end where it ends', async () => {
    provider.faults.page = 100
    const { id, remoteId } = await foreign({ status: 'running' })
    for (let n = 1; n <= 1_000; n++) provider.tell(remoteId, step(n, 1_000 - n))
    await until(async () => (await findJob(id)).step === 1_000)
    const curve = JSON.parse((await findJob(id)).curve_json ?? '[]') as number[]
    expect(curve).toHaveLength(64)
    expect(curve).toEqual(curve.toSorted((a, b) => b - a))
    expect(curve.at(-1)).toBe(0)
  })

  test('a result file that cannot be had at once is asked for again; what the events told is shown meanwhile', async () => {
    const { id, remoteId, remote } = await foreign({ status: 'running' })
    provider.instead.set('GET /files/file-r/:id', (response) => void response.socket?.destroy())
    provider.tell(remoteId, step(1, 2))
    Object.assign(remote, { status: 'succeeded', result_files: ['file-r'] })
    await until(async () => (await findJob(id)).status === 'succeeded')
    expect(await findJob(id)).toMatchObject({ step: 1 })
    provider.files.set('file-r', 'step,train_loss\n1,2\n2,1\n')
    provider.instead.clear()
    await until(() => finished(id))
    expect(await pointsIn(id)).toHaveLength(2)
  })
})

describe('events', () => {
  const messages = async (id: string) => (await jobEvents(id, { limit: 500 })).map(({ message }) => message)
  const said = (count: number) => Array.from({ length: count }, (_, n) => `line ${count - n}`)

  test('keep their order within one second, and when one arrives between two pages', async () => {
    const { id, remoteId } = await foreign()
    const at = { created_at: 1_700_000_000 }
    for (let n = 1; n <= 45; n++) provider.tell(remoteId, { message: `line ${n}`, ...at })
    await until(async () => (await messages(id)).length === 45)
    for (let n = 46; n <= 90; n++) provider.tell(remoteId, { message: `line ${n}`, ...at })
    let late = false
    let page = 0
    provider.instead.set(EVENTS, (response, url) => {
      // Offsets in place of ids: what is new pushes the rest onto the next page.
      if (url.searchParams.has('after') && !late) {
        late = true
        provider.tell(remoteId, { message: 'line 91', ...at })
      }
      const all = Array.from({ length: late ? 91 : 90 }, (_, n) => ({
        id: `ftevent-${remoteId}-${n}`,
        message: `line ${n + 1}`,
        ...at,
      })).reverse()
      page = url.searchParams.has('after') ? page + 1 : 0
      const served = { data: all.slice(page * 20, page * 20 + 20), has_more: page < 4 }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(served))
    })
    await until(async () => (await messages(id)).length === 91)
    expect(await messages(id)).toEqual(said(91))
  })

  test('of a server that lists the oldest first stand in the same order', async () => {
    const { id } = await foreign()
    provider.instead.set(EVENTS, (response, url) => {
      const from = url.searchParams.has('after') ? 30 : 0
      const data = Array.from({ length: 30 }, (_, n) => ({
        id: `e${from + n + 1}`,
        created_at: 1_700_000_000 + from + n,
        message: `line ${from + n + 1}`,
      }))
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data, has_more: from === 0 }))
    })
    await until(async () => (await messages(id)).length === 60)
    expect(await messages(id)).toEqual(said(60))
  })
})

const answer =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)

const error = (code: string | null, message = 'No.') => JSON.stringify({ error: { message, code } })

describe('trouble', () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '))

  test.each([
    ['500', JOB, answer(500, error(null)), 'provider_refused'],
    ['408', JOB, answer(408, error(null)), 'provider_refused'],
    ['409', EVENTS, answer(409, error(null)), 'provider_refused'],
    [
      'a gateway’s page',
      JOB,
      answer(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' }),
      'provider_refused',
    ],
    [
      'a page that says 200',
      EVENTS,
      answer(200, '<!doctype html>', { 'content-type': 'text/html' }),
      'provider_refused',
    ],
    ['bad JSON', JOB, answer(200, '{"id": '), 'provider_refused'],
    ['nothing', JOB, answer(200, ''), 'provider_refused'],
    ['null', EVENTS, answer(200, 'null'), 'provider_refused'],
    ['another thing', JOB, answer(200, '{"id": 3, "status": []}'), 'provider_refused'],
    ['no list', EVENTS, answer(200, '{"data": "x"}'), 'provider_refused'],
    ['a reset', JOB, (response: ServerResponse) => void response.socket?.destroy(), 'provider_unreachable'],
    [
      'a cut body',
      JOB,
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"id": "ftjob', () => response.socket?.destroy())
      },
      'provider_unreachable',
    ],
    ['a bomb', JOB, answer(200, bomb, { 'content-encoding': 'gzip' }), 'provider_refused'],
    [
      'a bomb among the events',
      EVENTS,
      answer(200, bomb, { 'content-encoding': 'gzip' }),
      'provider_refused',
    ],
    ['a bomb as a refusal', JOB, answer(503, bomb, { 'content-encoding': 'gzip' }), 'provider_refused'],
  ])(
    'of %s is told from the second failure on, and over at the next success',
    async (_, name, fault, code) => {
      const { id, remoteId } = await foreign({ status: 'running' })
      await until(async () => (await findJob(id)).status === 'running')
      provider.instead.set(name, fault)
      await until(async () => (troubleOf(await findJob(id))?.tries ?? 0) >= 2)
      const trouble = troubleOf(await findJob(id))
      expect(trouble).toMatchObject({ code, since: expect.any(Number) })
      expect(trouble?.message).not.toMatch(/<|inside Limerick/)
      expect(await findJob(id)).toMatchObject({ status: 'running', finished_at: null })
      provider.instead.clear()
      provider.tell(remoteId, step(1, 1))
      await until(async () => (await findJob(id)).step === 1 && (await findJob(id)).trouble_json === null)
    },
  )

  test.each([
    ['a key that is refused', answer(401, error('invalid_api_key', 'Incorrect API key.')), 'bad_key'],
    ['a ban', answer(403, error(null, 'Not allowed.')), 'forbidden'],
    ['a quota', answer(429, error('insufficient_quota', 'No more.')), 'quota'],
    [
      'a limit of an hour',
      answer(429, error('rate_limit_exceeded', 'Slow down.'), { 'retry-after': '3600' }),
      'rate_limited',
    ],
  ])('of %s stops all questions until somebody says go', async (_, fault, code) => {
    const { id } = await foreign({ status: 'running' })
    const other = await foreign({ status: 'running' })
    provider.instead.set(JOB, fault)
    await until(async () => troubleOf(await findJob(id))?.code === code)
    await until(async () => troubleOf(await findJob(other.id))?.code === code)
    const hold = await holdOf('embedded')
    if (code === 'rate_limited') expect((hold?.until ?? 0) - Date.now()).toBeGreaterThan(3_500_000)
    // What is still on its way when the hold begins ends first.
    await rounds()
    const before = [...provider.calls.values()].reduce((sum, count) => sum + count, 0)
    await rounds()
    expect([...provider.calls.values()].reduce((sum, count) => sum + count, 0)).toBe(before)
    expect(callsOf(JOB)).toBeGreaterThan(0)
    provider.instead.clear()
    await releaseHold('embedded')
    await until(async () => (await findJob(id)).trouble_json === null)
  })
})

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
