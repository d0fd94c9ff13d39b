import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { jobEvents } from '#lib/jobs/events.ts'
import { pointsIn } from '#lib/jobs/points-store.ts'
import { findJob } from '#lib/jobs/store.ts'
import { syncErrorOf } from '#lib/jobs/sync-error.ts'
import { backoffOf, endBackoff } from '#lib/providers/backoff.ts'
import { answer, beacon, callsOf, finished, foreign, JOB, provider, step } from '../support/sync-loop.ts'
import { untilTrue as until } from '../support/until.ts'

/** Long enough that the follower, were it to ask, would have asked. */
const rounds = () => beacon.asked('GET /fine_tuning/jobs', 3)
const EVENTS = 'GET /fine_tuning/jobs/:id/events'

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
      await until(async () => (syncErrorOf(await findJob(id))?.tries ?? 0) >= 2)
      const trouble = syncErrorOf(await findJob(id))
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
    await until(async () => syncErrorOf(await findJob(id))?.code === code)
    await until(async () => syncErrorOf(await findJob(other.id))?.code === code)
    const hold = await backoffOf('embedded')
    if (code === 'rate_limited') expect((hold?.until ?? 0) - Date.now()).toBeGreaterThan(3_500_000)
    // What is still on its way when the hold begins ends first.
    await rounds()
    const before = [...provider.calls.values()].reduce((sum, count) => sum + count, 0)
    await rounds()
    expect([...provider.calls.values()].reduce((sum, count) => sum + count, 0)).toBe(before)
    expect(callsOf(JOB)).toBeGreaterThan(0)
    provider.instead.clear()
    await endBackoff('embedded')
    await until(async () => (await findJob(id)).trouble_json === null)
  })
})
