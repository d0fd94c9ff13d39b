import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { live } from '#lib/jobs/live.ts'
import { pointsIn } from '#lib/jobs/points-store.ts'
import type { JobDraft, LiveMessage } from '#lib/jobs/schema.ts'
import { startSyncLoop as startFollower } from '#lib/jobs/sync-loop.ts'
import { backoffOf as holdOf } from '#lib/providers/backoff.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import * as cancelRoute from '../../app/api/jobs/[jobId]/cancel/route.ts'
import * as jobsRoute from '../../app/api/jobs/route.ts'
import { jobDraft } from '../support/job-draft.ts'
import { QUICK } from '../support/quick.ts'
import { setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'
import { untilTrue as until } from '../support/until.ts'

await setUpStudio()
const { id: datasetId } = await loadSample()

let provider: TrainingProvider
let stop: AbortController
let following: Promise<void> | undefined

beforeEach(async () => {
  provider = await startTrainingProvider()
  setEngineAddress({ baseURL: provider.baseURL, key: provider.key })
  await studio().deleteFrom('jobs').execute()
  await studio().deleteFrom('uploads').execute()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await following
  await provider.close()
})

const draft = (more: Partial<JobDraft> = {}): JobDraft => jobDraft(datasetId, { suffix: 'elle', ...more })

const follow = () => {
  following = startFollower(stop.signal, { ...QUICK, longest: 50 })
}

const step = (n: number, loss: number) => ({
  message: `Step ${n}/4: training loss=${loss.toFixed(2)}`,
  type: 'metrics',
  data: { step: n, total_steps: 4, train_loss: loss, train_mean_token_accuracy: 1 - loss / 10 },
})

describe('launching', () => {
  test('sends one request with the intent in its metadata, and nothing that was left to the provider', async () => {
    const job = await launchJob(draft())
    expect(job).toMatchObject({
      launch: 'known',
      status: 'validating_files',
      remoteId: 'ftjob-2',
      datasetName: 'elle',
    })
    expect(provider.creations).toHaveLength(1)
    expect(provider.creations[0]).toMatchObject({
      model: 'limerick-base',
      suffix: 'elle',
      metadata: { studio_intent: job.id },
    })
    expect(provider.creations[0]).not.toHaveProperty('method')
  })

  test('sends what was set by hand', async () => {
    await launchJob(
      draft({ seed: 7, hyperparameters: { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 0.5 } }),
    )
    expect(provider.creations[0]).toMatchObject({
      seed: 7,
      method: {
        type: 'supervised',
        supervised: { hyperparameters: { n_epochs: 3, learning_rate_multiplier: 0.5 } },
      },
    })
  })

  test('the same intent twice is the same run, and one request', async () => {
    const same = draft()
    const [first, second] = await Promise.all([launchJob(same), launchJob(same)])
    expect(second.id).toBe(first.id)
    expect(await launchJob(same)).toMatchObject({ id: first.id, remoteId: 'ftjob-2' })
    expect(provider.creations).toHaveLength(1)
  })

  test('the same intent with other settings is refused', async () => {
    const first = draft()
    await launchJob(first)
    await expect(launchJob({ ...first, suffix: 'other' })).rejects.toMatchObject({ code: 'conflict' })
    expect(provider.creations).toHaveLength(1)
  })

  test('a certain no is passed on, and leaves no run behind', async () => {
    provider.faults.creation = 'refuses'
    await expect(launchJob(draft())).rejects.toThrow(/not available for fine-tuning/)
    expect(await listJobs()).toEqual([])
  })

  test('a closed platform is explained with its dates', async () => {
    provider.faults.creation = 'closed'
    await expect(launchJob(draft())).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/2027-01-06.*built-in engine.*own words: ".*winding down/),
      facts: { providerCode: 'training_not_available' },
    })
  })

  test('a daily limit holds launches of that model only, and says when the next slot opens', async () => {
    const first = await launchJob(draft({ model: 'gpt-4.1' }))
    const { status, body } = JSON.parse(
      readFileSync('tests/fixtures/field/54-refusal-429-daily-limit.json', 'utf8'),
    )
    provider.instead.set('POST /fine_tuning/jobs', (response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
    const until = first.createdAt + 24 * 3_600_000
    const words = {
      code: 'rate_limited',
      message: expect.stringMatching(/takes 8 jobs a day.*not before .*own words: "This fine-tune request/),
      facts: { hold: 'daily', until },
    }
    await expect(launchJob(draft({ model: 'gpt-4.1' }))).rejects.toMatchObject(words)
    expect(await holdOf('embedded')).toBeNull()
    expect(await listJobs()).toHaveLength(1)

    provider.instead.clear()
    await expect(launchJob(draft({ model: 'gpt-4.1' }))).rejects.toMatchObject(words)
    expect(provider.creations).toHaveLength(1)
    expect(await launchJob(draft({ model: 'gpt-4.1-mini' }))).toMatchObject({ launch: 'known' })

    await studio()
      .updateTable('daily_limits')
      .set({ until: Date.now() - 1 })
      .execute()
    expect(await launchJob(draft({ model: 'gpt-4.1' }))).toMatchObject({ launch: 'known' })
  })

  test.each(['lost-after', 'fails-after'] as const)(
    'an answer that is %s is looked up, and never sent again',
    async (creation) => {
      provider.faults.creation = creation
      const job = await launchJob(draft())
      expect(job).toMatchObject({ launch: 'unknown', status: 'unknown', remoteId: null })
      follow()
      await until(async () => (await getJob(job.id)).launch === 'known')
      expect(await getJob(job.id)).toMatchObject({ remoteId: 'ftjob-2' })
      expect(provider.creations).toHaveLength(1)
      expect(await listJobs()).toHaveLength(1)
    },
  )

  test('a server that ignores the metadata filter does not make a stranger’s job ours', async () => {
    provider.faults.ignoresFilter = true
    await launchJob(draft({ suffix: 'stranger' }))
    provider.faults.creation = 'lost-before'
    const lost = await launchJob(draft())
    follow()
    await until(() => (provider.calls.get('GET /fine_tuning/jobs') ?? 0) >= 5)
    expect(await getJob(lost.id)).toMatchObject({ launch: 'unknown' })
  })

  test('a request that never reached the engine ends as failed, in words, as soon as the engine answers', async () => {
    provider.faults.creation = 'lost-before'
    const { id } = await launchJob(draft())
    provider.faults.down = true
    follow()
    // More looks than a distant provider would get.
    await until(() => (provider.calls.get('GET /fine_tuning/jobs') ?? 0) >= 20)
    expect(await getJob(id)).toMatchObject({ launch: 'unknown' })
    provider.faults.down = false
    await until(async () => (await getJob(id)).status === 'failed')
    expect(await getJob(id)).toMatchObject({
      launch: 'known',
      error: { code: 'not_sent', message: expect.stringMatching(/start it again/) },
    })
    expect(provider.creations).toHaveLength(1)
  })

  test('a job that reaches the engine after it was given up becomes its run again', async () => {
    provider.faults.creation = 'lost-before'
    const job = draft()
    await launchJob(job)
    follow()
    await until(async () => (await getJob(job.id)).status === 'failed')
    provider.faults.creation = 'answers'
    await fetch(`${provider.baseURL}/fine_tuning/jobs`, {
      method: 'POST',
      body: JSON.stringify(provider.creations[0]),
    })
    await until(async () => (await getJob(job.id)).remoteId !== null)
    expect(await getJob(job.id)).toMatchObject({ status: 'validating_files', error: null, finishedAt: null })
    expect(await listJobs()).toHaveLength(1)
  })

  test('a refused intent may be sent again, also with other settings, as the run that it then is', async () => {
    const first = await launchJob(draft())
    const again = draft()
    provider.faults.creation = 'refuses'
    await expect(launchJob(again)).rejects.toThrow()
    provider.faults.creation = 'answers'
    const second = await launchJob({ ...again, suffix: 'better' })
    expect(second).toMatchObject({
      id: again.id,
      number: first.number + 1,
      launch: 'known',
      finishedAt: null,
    })
    expect((await listJobs()).map(({ suffix }) => suffix)).toEqual(['better', 'elle'])
  })

  test('a job that the follower finds before the answer is given up stays found', async () => {
    follow()
    provider.faults.creation = 'lost-late'
    const job = await launchJob(draft())
    expect(job).toMatchObject({ launch: 'known', remoteId: 'ftjob-2' })
  })

  test('a server that keeps no metadata: the job in flight is not taken for a stranger’s', async () => {
    provider.faults.creation = 'slow-bare'
    follow()
    const job = await launchJob(draft())
    expect(job).toMatchObject({ launch: 'known', remoteId: 'ftjob-2' })
    expect(await listJobs()).toHaveLength(1)
  })

  test.each([
    ['', 0],
    [', also when the clock was set back two days since', 2 * 86_400_000],
  ])('a stop between writing and sending ends truthfully at the next start%s', async (_when, ahead) => {
    const job = await launchJob(draft())
    const at = Date.now() + ahead
    await studio()
      .updateTable('jobs')
      .set({ launch: 'intent', remote_id: null, start: 'before', created_at: at, updated_at: at })
      .where('id', '=', job.id)
      .execute()
    provider.jobs.clear()
    follow()
    await until(async () => (await getJob(job.id)).status === 'failed')
    expect((await getJob(job.id)).error?.message).toMatch(/before this job was sent/)
    expect(provider.creations).toHaveLength(1)
  })

  test('twenty launches, half of the answers lost: twenty jobs, and nothing unknown that can be known', async () => {
    follow()
    for (let n = 0; n < 20; n++) {
      provider.faults.creation = n % 2 ? 'lost-after' : 'answers'
      await launchJob(draft({ suffix: `n${n}` }))
    }
    await until(async () => (await listJobs()).every(({ launch }) => launch === 'known'))
    expect(provider.creations).toHaveLength(20)
    const remote = (await listJobs()).map(({ remoteId }) => remoteId)
    expect(new Set(remote).size).toBe(20)
  })

  test('the route says which field is wrong', async () => {
    const request = new Request('http://localhost/api/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(draft({ suffix: 'Not Fine!' })),
    })
    const answer = await jobsRoute.POST(request, {})
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid', param: 'suffix' } })
  })
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
