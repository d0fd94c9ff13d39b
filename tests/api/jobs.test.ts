import { describe, expect, test } from 'vitest'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { live } from '#lib/jobs/job-stream.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { pointsIn } from '#lib/jobs/points-store.ts'
import type { LiveMessage } from '#lib/jobs/schema.ts'
import * as cancelRoute from '../../app/api/jobs/[jobId]/cancel/route.ts'
import { draft, follow, provider } from '../support/jobs.ts'
import { untilTrue as until } from '../support/until.ts'

const step = (n: number, loss: number) => ({
  message: `Step ${n}/4: training loss=${loss.toFixed(2)}`,
  type: 'metrics',
  data: { step: n, total_steps: 4, train_loss: loss, train_mean_token_accuracy: 1 - loss / 10 },
})

describe('following', () => {
  test('mirrors events once and in order, the curve with its zeros, and stops at the end', async () => {
    const { id, remoteId } = await launchJob(draft())
    provider.tell(remoteId ?? '', { message: 'Created fine-tuning job' })
    follow()
    await until(async () => (await jobEvents(id)).length === 1)
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) remote.status = 'running'
    for (const [index, loss] of [2, 0.5, 0, 0].entries()) provider.tell(remoteId ?? '', step(index + 1, loss))
    if (remote)
      Object.assign(remote, {
        status: 'succeeded',
        finished_at: Math.floor(Date.now() / 1000),
        fine_tuned_model: 'ft:x',
      })
    await until(async () => (await getJob(id)).status === 'succeeded')
    const job = await getJob(id)
    expect(job).toMatchObject({
      step: 4,
      totalSteps: 4,
      lastLoss: 0,
      curve: [2, 0.5, 0, 0],
      fineTunedModel: 'ft:x',
    })
    expect((await pointsIn(id)).map(({ train_loss }) => train_loss)).toEqual([2, 0.5, 0, 0])
    expect((await jobEvents(id)).map(({ step: at }) => at)).toEqual([4, 3, 2, 1, null])
    const before = provider.calls.get('GET /fine_tuning/jobs/:id') ?? 0
    // The follower has gone round meanwhile.
    await provider.asked('GET /fine_tuning/jobs', 3)
    expect(provider.calls.get('GET /fine_tuning/jobs/:id')).toBe(before)
  })

  test('reads on through many pages, and a server that ignores "after" cannot hold it', async () => {
    const { id, remoteId } = await launchJob(draft())
    for (let n = 1; n <= 90; n++) provider.tell(remoteId ?? '', { message: `line ${n}` })
    follow()
    await until(async () => (await jobEvents(id)).length === 90)
    expect((await jobEvents(id)).at(-1)?.message).toBe('line 1')
    provider.faults.ignoresAfter = true
    provider.tell(remoteId ?? '', { message: 'line 91' })
    await until(async () => (await jobEvents(id))[0]?.message === 'line 91')
    expect(await jobEvents(id)).toHaveLength(91)
  })

  test('catches up after the provider was away', async () => {
    const { id, remoteId } = await launchJob(draft())
    follow()
    await until(() => (provider.calls.get('GET /fine_tuning/jobs/:id') ?? 0) > 1)
    provider.faults.down = true
    provider.tell(remoteId ?? '', step(1, 1))
    await provider.asked('GET /fine_tuning/jobs/:id', 2)
    provider.faults.down = false
    await until(async () => (await jobEvents(id)).length === 1)
  })

  test('shows a status it has never heard of, word for word, and goes on looking', async () => {
    const { id, remoteId } = await launchJob(draft())
    follow()
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) remote.status = 'pausing'
    await until(async () => (await getJob(id)).status === 'pausing')
    if (remote) remote.status = 'succeeded'
    await until(async () => (await getJob(id)).status === 'succeeded')
    expect((await getJob(id)).states.map(({ status }) => status)).toEqual([
      'validating_files',
      'pausing',
      'succeeded',
    ])
  })

  test('takes the reason of a failure from the events when the job has none', async () => {
    const { id, remoteId } = await launchJob(draft())
    provider.tell(remoteId ?? '', {
      level: 'error',
      message: 'Training file has 5 example(s), but must have at least 10 examples',
      data: { error_code: 'invalid_n_examples', error_param: 'training_file' },
    })
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) remote.status = 'failed'
    follow()
    await until(async () => (await getJob(id)).status === 'failed')
    expect((await getJob(id)).error).toMatchObject({
      code: 'invalid_n_examples',
      param: 'training_file',
      message: expect.stringContaining('5 example(s)'),
    })
  })

  test('keeps the reason of an event that came a look before the job failed', async () => {
    const { id, remoteId } = await launchJob(draft())
    follow()
    provider.tell(remoteId ?? '', { level: 'error', message: 'Example 3 is missing key "messages"' })
    await until(async () => (await jobEvents(id)).length === 1)
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) remote.status = 'failed'
    await until(async () => (await getJob(id)).status === 'failed')
    expect((await getJob(id)).error).toMatchObject({ message: expect.stringContaining('Example 3'), row: 3 })
  })

  test('a server without events or checkpoints has not lost the job', async () => {
    const { id, remoteId } = await launchJob(draft())
    provider.faults.bare = true
    follow()
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) remote.status = 'succeeded'
    await until(async () => (await getJob(id)).finishedAt !== null)
    expect(await getJob(id)).toMatchObject({ status: 'succeeded', error: null })
  })

  test.each([
    ['plain', (csv: string) => csv],
    ['base64', (csv: string) => Buffer.from(csv).toString('base64')],
  ])('reads the curve from a %s result file when the events had no numbers', async (_, encode) => {
    const { id, remoteId } = await launchJob(draft())
    provider.files.set(
      'file-result',
      encode('step,train_loss,train_accuracy,valid_loss\n1,2.5,0.1,\n2,0,1,0.7\n'),
    )
    const remote = provider.jobs.get(remoteId ?? '')
    if (remote) Object.assign(remote, { status: 'succeeded', result_files: ['file-result'] })
    follow()
    await until(async () => (await getJob(id)).status === 'succeeded')
    const job = await getJob(id)
    expect((await pointsIn(id)).map(({ train_loss, valid_loss }) => [train_loss, valid_loss])).toEqual([
      [2.5, null],
      [0, 0.7],
    ])
    expect(job).toMatchObject({ curve: [2.5, 0], lastLoss: 0, step: 2, totalSteps: 2 })
  })

  test('takes in jobs that other code created', async () => {
    follow()
    await fetch(`${provider.baseURL}/fine_tuning/jobs`, {
      method: 'POST',
      body: JSON.stringify({ model: 'elsewhere', training_file: 'file-x' }),
    })
    await until(async () => (await listJobs()).length === 1)
    expect((await listJobs())[0]).toMatchObject({ launch: 'found', model: 'elsewhere', number: 1 })
  })

  test('a job that vanished at its provider ends with that reason', async () => {
    const { id, remoteId } = await launchJob(draft())
    provider.jobs.delete(remoteId ?? '')
    follow()
    await until(async () => (await getJob(id)).error?.code === 'gone')
  })

  test('cancels at the provider and shows what became of it', async () => {
    const { id } = await launchJob(draft())
    const answer = await cancelRoute.POST(new Request('http://localhost/', { method: 'POST' }), {
      params: Promise.resolve({ jobId: id }),
    })
    expect(await answer.json()).toMatchObject({ status: 'cancelled' })
    const again = await cancelRoute.POST(new Request('http://localhost/', { method: 'POST' }), {
      params: Promise.resolve({ jobId: id }),
    })
    expect(again.status).toBe(409)
  })
})

describe('the event stream', () => {
  test('a refusal takes nothing from a reader: it hears of the withdrawn intent and of all that follows', async () => {
    await launchJob(draft({ suffix: 'first' }))
    const reader = new AbortController()
    const stream = live(undefined, null, reader.signal)
    await stream.next()
    provider.faults.creation = 'refuses'
    const refused = draft()
    await expect(launchJob(refused)).rejects.toThrow()
    const told = async () =>
      ((await stream.next()).value as { data: { jobs: { id: string; launch: string }[] } }).data
    expect((await told()).jobs).toMatchObject([{ id: refused.id, launch: 'refused' }])
    provider.faults.creation = 'answers'
    const next = await launchJob(draft({ suffix: 'next' }))
    expect((await told()).jobs).toMatchObject([{ id: next.id, launch: 'known' }])
    reader.abort()
  })

  test('a catch-up of thousands of events arrives whole', async () => {
    const { id, remoteId } = await launchJob(draft())
    const reader = new AbortController()
    const stream = live(id, null, reader.signal)
    for (let message = 0; message < 2; message++) await stream.next()
    provider.faults.page = 100
    for (let n = 1; n <= 2_500; n++) provider.tell(remoteId ?? '', step(n, 1))
    follow()
    const steps = new Set<number>()
    while (steps.size < 2_500) {
      const { data } = (await stream.next()).value as { data: LiveMessage }
      if (data.kind !== 'job') continue
      // So many at once are not sent as points: the page asks for its series anew.
      if (data.events.length > 500) expect(data.points).toBeNull()
      for (const { step } of data.events) if (step !== null) steps.add(step)
    }
    reader.abort()
    expect(steps.size).toBe(2_500)
  })

  test('a run that never was is refused before the stream begins', async () => {
    const { GET } = await import('../../app/api/stream/route.ts')
    const response = await GET(new Request('http://localhost/api/stream?job=run_nowhere'), {})
    expect(response.status).toBe(404)
  })

  test('begins with everything, then tells changes, and goes on from the id a reader comes back with', async () => {
    const { id, remoteId } = await launchJob(draft())
    const reader = new AbortController()
    const stream = live(id, null, reader.signal)
    const next = async (from: typeof stream) => {
      const { value } = await from.next()
      return value as { id: string; data: LiveMessage }
    }
    expect((await next(stream)).data).toMatchObject({ kind: 'jobs', jobs: [{ id }] })
    expect((await next(stream)).data).toMatchObject({ kind: 'job', points: null })
    follow()
    provider.tell(remoteId ?? '', step(1, 3))
    const news = await next(stream)
    expect(news.data).toMatchObject({
      kind: 'job',
      points: [{ step: 1, trainLoss: 3 }],
      events: [{ step: 1 }],
    })
    const { id: cursor } = await next(stream)
    reader.abort()
    provider.tell(remoteId ?? '', step(2, 2))
    await until(async () => (await jobEvents(id)).length === 2)
    const later = new AbortController()
    const resumed = await next(live(id, cursor, later.signal))
    expect(resumed.data).toMatchObject({ kind: 'job', points: [{ step: 2, trainLoss: 2 }] })
    later.abort()
  })
})
