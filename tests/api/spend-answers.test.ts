import { beforeEach, describe, expect, test, vi } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { answerOf } from '#lib/http/answer.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import { CompareChunk } from '#lib/playground/schema.ts'
import { answers, isFar, json, launch, limit, provider, room, spending, wish } from '../support/spend.ts'

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
    for await (const chunk of readNdjson(
      (line) => answerOf(CompareChunk, line),
      response.body ?? new ReadableStream(),
    ))
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
