import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { backoffOf } from '#lib/providers/backoff.ts'
import * as jobsRoute from '../../app/api/jobs/route.ts'
import { draft, follow, provider } from '../support/jobs.ts'
import { untilTrue as until } from '../support/until.ts'

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

  test('the same intent is known as an older studio stored it, before there were more settings', async () => {
    const same = draft()
    const first = await launchJob(same)
    const { id, confirmed, patience, beta, tuning, learningRate, tier, version, ...older } = same
    const request_hash = createHash('sha256').update(JSON.stringify(older)).digest('hex')
    await studio().updateTable('jobs').set({ request_hash }).where('id', '=', first.id).execute()
    expect(await launchJob(same)).toMatchObject({ id: first.id, remoteId: 'ftjob-2' })
    const other = { ...same, tuning: { trainer: null, method: null, maxLength: 64 } }
    await expect(launchJob(other)).rejects.toMatchObject({ code: 'conflict' })
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
      message: expect.stringMatching(
        /accepts 8 jobs a day.*try again after .*own words: "This fine-tune request/,
      ),
      facts: { hold: 'daily', until },
    }
    await expect(launchJob(draft({ model: 'gpt-4.1' }))).rejects.toMatchObject(words)
    expect(await backoffOf('embedded')).toBeNull()
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
      error: { code: 'not_sent', message: expect.stringMatching(/Start it again/) },
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
