import { describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { datasetId, draft, json, launch, limit, provider, room, spending, wish } from '../support/spend.ts'

const line = async (id: string) =>
  studio().selectFrom('spend').selectAll().where('id', '=', id).executeTakeFirst()

/** What the far provider would bill for three epochs of the data: its tokens, at a dollar the million. */
async function estimated(): Promise<number> {
  const { train } = await (await import('#lib/datasets/view.ts')).getDatasetSummary(datasetId)
  expect(train.tokens).toBeGreaterThan(100)
  return train.tokens * 3
}
const jobRoute = async (verb: 'abandon' | 'reconcile', jobId: string) => {
  const { POST } = await (verb === 'abandon'
    ? import('../../app/api/jobs/[jobId]/abandon/route.ts')
    : import('../../app/api/jobs/[jobId]/reconcile/route.ts'))
  const response = await POST(new Request('http://localhost/', { method: 'POST' }), {
    params: Promise.resolve({ jobId }),
  })
  return { status: response.status, body: await response.json() }
}

describe('the gate', () => {
  test('of a hundred at once, a cap that is worth seven lets exactly seven through', async () => {
    await limit({ monthlyCap: 7_999 })
    const { reserve } = await room.spend()
    const asked = Array.from({ length: 100 }, (_, n) => reserve(wish(`run_${n}`)))
    const told = await Promise.allSettled(asked)
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    expect(await spending()).toMatchObject({ spent: 0, reserved: 7_000 })
  })

  test('counts what is spent, what is set aside, and nothing of last month', async () => {
    await limit({ monthlyCap: 3_000 })
    const { monthOf, reserve, settle } = await room.spend()
    await reserve(wish('old', { estimate: 3_000 }))
    const before = monthOf(Date.now()) - 1
    await studio().updateTable('spend').set({ created_at: before }).execute()
    await reserve(wish('a'))
    await reserve(wish('b'))
    await settle('a', 1_500)
    await expect(reserve(wish('c'))).rejects.toMatchObject({
      code: 'over_cap',
      facts: { estimate: 1_000, cap: 3_000, spent: 1_500, reserved: 1_000 },
    })
    await reserve(wish('d', { estimate: 500 }))
  })

  test('an id stands for one thing: what was released and is set aside anew counts once', async () => {
    const { release, reserve } = await room.spend()
    await reserve(wish('a'))
    await release('a')
    expect(await spending()).toMatchObject({ spent: 0, reserved: 0 })
    await reserve(wish('a', { estimate: 2_000 }))
    expect(await spending()).toMatchObject({ spent: 0, reserved: 2_000 })
  })

  test('five dollars need no second yes until a person says otherwise, and more does', async () => {
    const { reserve } = await room.spend()
    await reserve(wish('a', { estimate: 5_000_000 }))
    const above = { estimate: 5_000_001 }
    const refusal = { code: 'needs_confirmation', facts: { estimate: 5_000_001, limit: 5_000_000 } }
    await expect(reserve(wish('b', above))).rejects.toMatchObject(refusal)
    await expect(reserve(wish('b', { ...above, confirmed: 5_000_000 }))).rejects.toMatchObject(refusal)
    await reserve(wish('b', { ...above, confirmed: 5_000_001 }))
    await limit({ confirmAbove: null })
    await reserve(wish('c', { estimate: 9_000_000_000 }))
  })

  test('a yes does not lift a cap', async () => {
    await limit({ monthlyCap: 999 })
    const { reserve } = await room.spend()
    await expect(reserve(wish('a', { confirmed: 1_000 }))).rejects.toMatchObject({ code: 'over_cap' })
  })

  test('an unknown price is let through where there is no cap, and under a cap only with a yes', async () => {
    const { reserve } = await room.spend()
    await reserve(wish('a', { estimate: null }))
    await limit({ monthlyCap: 1_000_000 })
    await expect(reserve(wish('b', { estimate: null }))).rejects.toMatchObject({ code: 'needs_confirmation' })
    await reserve(wish('b', { estimate: null, confirmed: 0 }))
    expect(await line('b')).toBeUndefined()
  })

  test('what it came to takes the place of the estimate', async () => {
    const { reserve, settle } = await room.spend()
    await reserve(wish('a', { estimate: 10_000 }))
    await settle('a', 3_702)
    expect(await spending()).toMatchObject({ spent: 3_702, reserved: 0 })
  })

  test('the routes keep limits and refuse nonsense', async () => {
    const { GET, PUT } = await import('../../app/api/providers/spending/route.ts')
    const put = (body: unknown) =>
      PUT(new Request('http://localhost/', { method: 'PUT', headers: json, body: JSON.stringify(body) }), {})
    const limits = { providerId: 'compatible', monthlyCap: 20_000_000, confirmAbove: 1_000_000 }
    expect(await (await put(limits)).json()).toEqual([{ ...limits, spent: 0, reserved: 0 }])
    expect(await (await GET(new Request('http://localhost/'), {})).json()).toMatchObject([limits])
    const refused = await put({ ...limits, monthlyCap: -1 })
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid', param: 'monthlyCap' } })
  })
})

describe('launching', () => {
  test('sets aside what the server expects it to cost', async () => {
    const { id } = await launch()
    expect(await line(id)).toMatchObject({
      kind: 'job',
      per_million: 1_000_000,
      reserved: await estimated(),
      spent: null,
    })
  })

  test('over the cap nothing is written and nothing leaves', async () => {
    await limit({ monthlyCap: (await estimated()) - 1 })
    const wanted = draft()
    const { launchJob } = await room.launch()
    await expect(launchJob(wanted)).rejects.toMatchObject({ code: 'over_cap' })
    expect(await (await room.store()).maybeJob(wanted.id)).toBeUndefined()
    expect(provider.calls.get('POST /files')).toBeUndefined()
    await limit({ monthlyCap: await estimated() })
    expect(await launchJob(wanted)).toMatchObject({ launch: 'known' })
  })

  test('of ten at once, a cap that is worth three sends three', async () => {
    await limit({ monthlyCap: (await estimated()) * 3 })
    const told = await Promise.allSettled(Array.from({ length: 10 }, () => launch()))
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(provider.creations).toHaveLength(3)
  })

  test('a sum above the limit is sent once a person has said yes to it, under the same intent', async () => {
    await limit({ confirmAbove: 10 })
    const wanted = draft()
    const { launchJob } = await room.launch()
    const refused = await launchJob(wanted).catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code: 'needs_confirmation', facts: { estimate: await estimated() } })
    const confirmed = await launchJob({ ...wanted, confirmed: await estimated() })
    expect(confirmed).toMatchObject({ id: wanted.id, launch: 'known' })
    expect(await launchJob(wanted)).toMatchObject({ id: wanted.id, remoteId: confirmed.remoteId })
    expect(provider.creations).toHaveLength(1)
  })

  test('a draft of a caller who knows nothing of confirmations is a draft', async () => {
    const { confirmed: _, ...bare } = draft()
    expect(await (await room.launch()).launchJob(bare as JobDraft)).toMatchObject({ launch: 'known' })
  })

  test('a refusal gives back what was set aside, and the next try sets it aside anew', async () => {
    const wanted = draft()
    const { launchJob } = await room.launch()
    provider.faults.creation = 'refuses'
    await expect(launchJob(wanted)).rejects.toThrow()
    expect(await spending()).toMatchObject({ spent: 0, reserved: 0 })
    provider.faults.creation = 'answers'
    await launchJob({ ...wanted, suffix: 'better' })
    expect(await spending()).toMatchObject({ spent: 0, reserved: await estimated() })
  })

  test('a base that was shut down is refused with its date', async () => {
    const day = new Date().toISOString().slice(0, 10)
    provider.models.push({ id: 'small', shutdown_date: day }, { id: 'later', shutdown_date: '2999-01-01' })
    await expect(launch()).rejects.toMatchObject({
      code: 'invalid',
      param: 'model',
      message: expect.stringContaining(day),
    })
    expect(await launch({ model: 'later' })).toMatchObject({ launch: 'known' })
  })
})

describe('a run whose creation was not answered', () => {
  test('keeps its sum until it is given up, and only such a run can be given up', async () => {
    provider.faults.creation = 'lost-before'
    const { id } = await launch()
    expect(await spending()).toMatchObject({ reserved: await estimated() })
    const { status, body } = await jobRoute('abandon', id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ launch: 'known', status: 'failed', error: { code: 'abandoned' } })
    expect(await spending()).toMatchObject({ spent: 0, reserved: 0 })
    expect((await jobRoute('abandon', id)).status).toBe(409)
    expect(provider.creations).toHaveLength(1)
  })

  test('that was given up and turns out to exist is that run again, with its sum', async () => {
    provider.faults.creation = 'lost-after'
    const { id } = await launch()
    await jobRoute('abandon', id)
    const { body } = await jobRoute('reconcile', id)
    expect(body).toMatchObject({
      id,
      launch: 'known',
      status: 'validating_files',
      error: null,
      finishedAt: null,
    })
    expect(await spending()).toMatchObject({ spent: 0, reserved: await estimated() })
  })

  test('is found at a server that keeps no metadata by its file, its suffix and its time', async () => {
    provider.faults.creation = 'lost-bare'
    const { id } = await launch()
    const [remoteId] = provider.jobs.keys()
    const { adoptJob } = await room.reconcile()
    const { RemoteJob } = await import('#lib/jobs/wire.ts')
    // The follower sees the job before anyone has looked for the run: it is no stranger's.
    await adoptJob('compatible', RemoteJob.parse(provider.jobs.get(remoteId ?? '')))
    expect(await (await room.list()).listJobs()).toHaveLength(1)
    expect((await jobRoute('reconcile', id)).body).toMatchObject({ launch: 'known', remoteId })
    expect(provider.creations).toHaveLength(1)
  })

  test.each([
    ['another file', { training_file: 'file-of-others' }],
    ['another suffix', { suffix: 'others' }],
    ['another time', { created_at: Math.floor(Date.now() / 1000) - 3_600 }],
    ["another run's mark", { metadata: { studio_intent: 'run_of_others' } }],
  ])('is not a job with %s', async (_what, other) => {
    provider.faults.creation = 'lost-bare'
    const { id } = await launch()
    for (const job of provider.jobs.values()) Object.assign(job, other)
    expect((await jobRoute('reconcile', id)).body).toMatchObject({ launch: 'unknown', remoteId: null })
  })

  test('stays unknown where two jobs, or two runs, could be meant', async () => {
    provider.faults.creation = 'lost-bare'
    const first = await launch()
    provider.faults.creation = 'lost-before'
    const second = await launch()
    for (const { id } of [first, second])
      expect((await jobRoute('reconcile', id)).body).toMatchObject({ launch: 'unknown' })
    await jobRoute('abandon', second.id)
    expect((await jobRoute('reconcile', first.id)).body).toMatchObject({ launch: 'known' })
  })
})
