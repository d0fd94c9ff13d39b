import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { studio } from '#lib/db/studio.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { CompareChunk, newComparisonId } from '#lib/playground/schema.ts'
import type { SpendLimits } from '#lib/providers/schema.ts'
import type { Reservation } from '#lib/providers/spend.ts'
import { type ChatProvider, startChatProvider } from '../support/chat-provider.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setProvider, setUpStudio } from '../support/set-up.ts'
import { startTrainingProvider, type TrainingProvider } from '../support/training-provider.ts'

let provider: TrainingProvider
let answers: ChatProvider

/** The far provider costs; it is whichever of the two servers a test needs. */
async function isFar({ baseURL, key }: { baseURL: string; key: string }): Promise<void> {
  vi.resetModules()
  setProvider({ baseURL, key })
}

const room = {
  holds: () => import('#lib/providers/backoff.ts'),
  launch: () => import('#lib/jobs/launch.ts'),
  list: () => import('#lib/jobs/list.ts'),
  prices: () => import('#lib/providers/training-prices.ts'),
  chatPrices: () => import('#lib/providers/chat-prices.ts'),
  reconcile: () => import('#lib/jobs/reconcile.ts'),
  spend: () => import('#lib/providers/spend.ts'),
  store: () => import('#lib/jobs/store.ts'),
}

await setUpStudio()
const { id: datasetId } = await loadSample()

beforeEach(async () => {
  provider = await startTrainingProvider()
  answers = await startChatProvider()
  await isFar(provider)
  const db = studio()
  for (const table of ['jobs', 'uploads', 'spend', 'spend_limits', 'prices', 'chat_prices'] as const)
    await db.deleteFrom(table).execute()
  await db.deleteFrom('provider_holds').execute()
  const { setPrice } = await room.prices()
  await setPrice({
    providerId: 'compatible',
    model: '',
    perMillion: 1_000_000,
    asOf: '2026-11-22',
    source: 'us',
  })
})
afterEach(async () => {
  await Promise.all([provider.close(), answers.close()])
})

const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, {
    providerId: 'compatible',
    model: 'small',
    suffix: 'elle',
    hyperparameters: { nEpochs: 3, batchSize: 'auto', learningRateMultiplier: 'auto' },
    ...more,
  })

const launch = async (more: Partial<JobDraft> = {}) => (await room.launch()).launchJob(draft(more))

const limit = async (limits: Partial<SpendLimits>) =>
  (await room.spend()).setLimits({
    providerId: 'compatible',
    monthlyCap: null,
    confirmAbove: null,
    ...limits,
  })

const spending = async () => (await (await room.spend()).listSpending())[0]

const line = async (id: string) =>
  studio().selectFrom('spend').selectAll().where('id', '=', id).executeTakeFirst()

const wish = (id: string, more: Partial<Reservation> = {}): Reservation => ({
  id,
  providerId: 'compatible',
  kind: 'job',
  estimate: 1_000,
  perMillion: 1_000_000,
  confirmed: null,
  ...more,
})

/** What the far provider would bill for three epochs of the data: its tokens, at a dollar the million. */
async function estimated(): Promise<number> {
  const { train } = await (await import('#lib/datasets/view.ts')).getDatasetSummary(datasetId)
  expect(train.tokens).toBeGreaterThan(100)
  return train.tokens * 3
}

const json = { 'content-type': 'application/json' }
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
    const { welcome } = await room.reconcile()
    const { RemoteJob } = await import('#lib/jobs/wire.ts')
    // The follower sees the job before anyone has looked for the run: it is no stranger's.
    await welcome('compatible', RemoteJob.parse(provider.jobs.get(remoteId ?? '')))
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

describe('a hold', () => {
  const onCreation = 'POST /fine_tuning/jobs'
  const held = async () => (await room.holds()).backoffOf('compatible')

  test('a key that is refused once is not shown again, and the provider is not asked', async () => {
    provider.faults.refusal = { of: onCreation, status: 401, code: 'invalid_api_key' }
    await expect(launch()).rejects.toMatchObject({ status: 401 })
    expect(await held()).toMatchObject({ reason: 'bad_key', until: null, message: 'The provider said no.' })
    const before = new Map(provider.calls)
    await expect(launch()).rejects.toMatchObject({ code: 'provider_refused', facts: { hold: 'bad_key' } })
    const { GET } = await import('../../app/api/providers/route.ts')
    const [, here] = [0, (await (await GET(new Request('http://localhost/?fresh=true'), {})).json())[0]]
    expect(here).toMatchObject({ hold: { reason: 'bad_key' }, health: { state: 'bad' } })
    expect(provider.calls).toEqual(before)
    expect(await (await room.list()).listJobs()).toEqual([])
    expect(await spending()).toMatchObject({ reserved: 0 })
  })

  test('is over when a person asks again, and another key is another account', async () => {
    provider.faults.refusal = { status: 401, code: 'invalid_api_key' }
    await expect(launch()).rejects.toMatchObject({ status: 401 })
    const { DELETE } = await import('../../app/api/providers/hold/route.ts')
    const ask = async () =>
      (await DELETE(new Request('http://localhost/?providerId=compatible', { method: 'DELETE' }), {})).json()
    expect(await ask()).toMatchObject([{ health: { state: 'bad' }, hold: { reason: 'bad_key' } }])
    vi.resetModules()
    vi.stubEnv('OPENAI_API_KEY', 'sk-another-key-of-ours')
    expect(await held()).toBeNull()
    await isFar(provider)
    expect(await held()).not.toBeNull()
    provider.faults.refusal = null
    expect(await ask()).toMatchObject([{ health: { state: 'ok' }, hold: null }])
    expect(await launch()).toMatchObject({ launch: 'known' })
  })

  test('a 429 is a certain no, and its Retry-After is kept to in full', async () => {
    const headers = { 'retry-after': '120' }
    provider.faults.refusal = { of: onCreation, status: 429, code: 'rate_limit_exceeded', headers }
    const before = Date.now()
    await expect(launch()).rejects.toMatchObject({ status: 429 })
    const hold = await held()
    expect(hold?.reason).toBe('rate_limited')
    expect(hold?.until).toBeGreaterThanOrEqual(before + 120_000)
    await expect(launch()).rejects.toMatchObject({ code: 'rate_limited', facts: { until: hold?.until } })
    expect(provider.creations).toHaveLength(0)
    await studio()
      .updateTable('provider_holds')
      .set({ until: Date.now() - 1 })
      .execute()
    provider.faults.refusal = null
    expect(await launch()).toMatchObject({ launch: 'known' })
  })

  test.each(['insufficient_quota', 'credit_balance_exhausted', 'monthly_spend_limit_exceeded'])(
    'a 429 of %s is no matter of waiting',
    async (code) => {
      const headers = { 'retry-after': '1' }
      provider.faults.refusal = { of: onCreation, status: 429, code, headers }
      await expect(launch()).rejects.toMatchObject({ status: 429 })
      expect(await held()).toMatchObject({ reason: 'quota', until: null })
    },
  )

  test('a platform that is closed to new runs may still be asked for the old ones', async () => {
    provider.faults.creation = 'closed'
    await expect(launch()).rejects.toMatchObject({ code: 'forbidden' })
    expect(await held()).toBeNull()
  })
})

describe('an answer', () => {
  beforeEach(async () => {
    await isFar(answers)
    const { setChatPrice } = await room.chatPrices()
    const said = { providerId: 'compatible', model: '', asOf: '2026-11-22', source: 'us' } as const
    await setChatPrice({ ...said, input: 3_000_000, cachedInput: null, output: 12_000_000 })
  })

  const compare = async (models: string[], more: Record<string, unknown> = {}) => {
    const { POST } = await import('../../app/api/playground/route.ts')
    const body = {
      ...{ system: '', prompt: 'Tell me about Neon', temperature: 0, topP: null, maxTokens: 64, seed: 1 },
      id: newComparisonId(),
      panes: models.map((model) => ({ providerId: 'compatible', model })),
      ...more,
    }
    const request = { method: 'POST', headers: json, body: JSON.stringify(body) }
    const response = await POST(new Request('http://localhost/', request), {})
    const last = new Map<string, CompareChunk>()
    for await (const chunk of readNdjson(CompareChunk, response.body ?? new ReadableStream()))
      last.set(models[chunk.place] ?? String(chunk.place), chunk)
    return last
  }

  test('costs what its provider counted', async () => {
    await compare(['steady'])
    expect(await spending()).toMatchObject({ spent: 7 * 3 + 4 * 12, reserved: 0 })
  })

  test('that broke off costs what came of it', async () => {
    await compare(['cut'])
    // Eighteen characters asked, four written, three to a token.
    expect(await spending()).toMatchObject({ spent: 6 * 3 + 2 * 12, reserved: 0 })
  })

  test('that the limits do not allow fails in its own pane', async () => {
    const each = 6 * 3 + 64 * 12
    await limit({ monthlyCap: each * 2 })
    const last = await compare([], {
      panes: [1, 2, 3].map(() => ({ providerId: 'compatible', model: 'steady' })),
    })
    const kinds = [...last.values()].map(({ type }) => type).sort()
    expect(kinds).toEqual(['failed', 'finished', 'finished'])
    expect([...last.values()].find(({ type }) => type === 'failed')).toMatchObject({
      error: { code: 'over_cap' },
    })
    expect(answers.asked).toHaveLength(2)
  })

  test('of unknown price is not asked for under a cap', async () => {
    await studio().deleteFrom('chat_prices').execute()
    await limit({ monthlyCap: 1_000_000 })
    const last = await compare(['steady'])
    expect(last.get('steady')).toMatchObject({ type: 'failed', error: { code: 'needs_confirmation' } })
    expect(answers.asked).toEqual([])
  })

  test('that was under way when the process ended is taken to have cost it all', async () => {
    const { reserve, settleInterruptedAnswers } = await room.spend()
    await reserve(wish('answer', { kind: 'compare' }))
    await reserve(wish('run'))
    await settleInterruptedAnswers()
    expect(await spending()).toMatchObject({ spent: 0, reserved: 2_000 })
    // As an earlier start left them, under a clock that was two days ahead.
    const later = Date.now() + 2 * 86_400_000
    await studio().updateTable('spend').set({ start: 'before', created_at: later }).execute()
    await settleInterruptedAnswers()
    expect(await spending()).toMatchObject({ spent: 1_000, reserved: 1_000 })
  })
})
