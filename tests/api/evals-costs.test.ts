import { describe, expect, test } from 'vitest'
import { compareCosts } from '#lib/evals/cost-comparison.ts'
import { resumeEval } from '#lib/evals/start.ts'
import { setChatPrice } from '#lib/providers/chat-price-list.ts'
import { listSpending, setLimits } from '#lib/providers/spend.ts'
import { GET as getWorth } from '../../app/api/evals/[evalId]/worth/route.ts'
import { away, begin, draft, endedRun, estimate, far, grade, reaches, start } from '../support/evals.ts'

async function costs(input: number, output: number): Promise<void> {
  const known = { model: '', cachedInput: null, asOf: '2026-11-22', source: 'us' }
  await setChatPrice({ ...known, providerId: 'compatible', input, output })
}

const cap = async (monthlyCap: number | null) =>
  setLimits({ providerId: 'compatible', monthlyCap, confirmAbove: null })

describe('what it costs', () => {
  test('is estimated before, from rows that are not known yet', async () => {
    await costs(1_000_000, 2_000_000)
    const { columns, providers, cost } = await estimate(draft([], far('steady')))
    expect(columns[0]?.promptTokens).toBeGreaterThan(20)
    expect(cost).toBe((columns[0]?.promptTokens ?? 0) + 2 * (columns[0]?.completionTokens ?? 0))
    expect(providers).toMatchObject([
      { providerId: 'compatible', cost, needsConfirmation: false, overCap: false },
    ])
    await setLimits({ providerId: 'compatible', monthlyCap: 5, confirmAbove: 1 })
    expect((await estimate(draft([], far('steady')))).providers).toMatchObject([
      { needsConfirmation: true, overCap: true, left: 5 },
    ])
    await expect(start(draft([], far('steady')))).rejects.toMatchObject({ code: 'needs_confirmation' })
  })

  test('an unknown price is null and not zero', async () => {
    expect(await estimate(draft([], far('steady')))).toMatchObject({ cost: null, columns: [{ cost: null }] })
  })

  test('a cap pauses it with the reason, other columns go on, and it can be resumed', async () => {
    await costs(1_000_000, 1_000_000)
    // Each answer sets aside its 256 tokens and its question, and comes to 11.
    await cap(320)
    const columns = [...far('steady').columns, { providerId: 'embedded' as const, model: 'steady' }]
    const { id } = await start(draft([], { columns, rows: 8 }))
    await begin()
    const paused = await reaches(id, 'paused')
    expect(paused.pauses).toMatchObject([{ providerId: 'compatible', code: 'over_cap', until: null }])
    expect(paused.columns[1]).toMatchObject({ answered: 8 })
    const { answered = 0, failed } = paused.columns[0] ?? {}
    expect(failed).toBe(0)
    expect(away.asked).toHaveLength(answered)
    expect(paused.paid).toBe(answered * 11)
    await cap(null)
    await resumeEval(id, {})
    expect((await reaches(id, 'done')).columns[0]).toMatchObject({ answered: 8, cost: 88 })
    expect(away.asked).toHaveLength(8)
    expect((await listSpending())[0]).toMatchObject({ spent: 88, reserved: 0 })
  })
})

describe('what fine-tuning is worth', () => {
  const compare = async ({ rows } = { rows: 2 }) => {
    const jobId = await endedRun()
    const { id } = await start(draft(['steady', `ft:${jobId}`], { jobId, rows }))
    await begin()
    await reaches(id, 'done')
    return id
  }

  test('never, where its calls cost more than those of the base; free, where nothing costs', async () => {
    const id = await compare()
    const dear = { base: { input: 1, output: 1 }, tuned: { input: 9, cachedInput: null, output: 9 } }
    const prices = { base: { ...dear.base, cachedInput: null }, tuned: dear.tuned }
    const worth = await compareCosts(id, { k: 0, callsPerDay: 100, prices })
    expect(worth).toMatchObject({
      training: 0,
      againstBase: { verdict: 'never', calls: null },
      againstFewShot: null,
    })
    expect(await compareCosts(id, { k: 0, callsPerDay: 100 })).toMatchObject({
      againstBase: { verdict: 'free' },
    })
  })

  test('dearer calls that answer better are what the money buys; training may be assumed', async () => {
    const id = await compare({ rows: 8 })
    await grade(id, 0, Array(8).fill('fail'))
    await grade(id, 1, Array(8).fill('pass'))
    const price = (input: number) => ({ input, cachedInput: null, output: input })
    const prices = { base: price(1), tuned: price(9) }
    const worth = await compareCosts(id, { k: 0, callsPerDay: 100, training: 26_370, prices })
    expect(worth).toMatchObject({
      training: 26_370,
      againstBase: {
        verdict: 'buys',
        calls: null,
        quality: { before: 0, after: 1, mean: false, better: 'after', p: expect.closeTo(2 / 256) },
      },
    })
    await grade(id, 1, ['pass', ...Array(7).fill('fail')])
    expect(await compareCosts(id, { k: 0, callsPerDay: 100, prices })).toMatchObject({
      againstBase: { verdict: 'never', quality: { before: 0, after: 1 / 8, better: null, p: 1 } },
    })
  })

  test('examples that nobody asked with are counted, and said to be', async () => {
    const id = await compare()
    const price = { input: 1_000_000, cachedInput: null, output: 1_000_000 }
    const prices = encodeURIComponent(JSON.stringify({ base: price, tuned: price }))
    const response = await getWorth(new Request(`http://localhost/?k=3&callsPerDay=10&prices=${prices}`), {
      params: Promise.resolve({ evalId: id }),
    })
    const { lanes, againstFewShot } = await response.json()
    expect(lanes).toMatchObject([
      { kind: 'base', scaled: false, tokens: { prompt: 7 }, costPerCall: 11, costPerDay: 110 },
      { kind: 'fewShot', scaled: true, fewShot: 3, score: null },
      { kind: 'tuned', costPerCall: 11 },
    ])
    expect(lanes[1].tokens.prompt).toBeGreaterThan(40)
    expect(againstFewShot).toMatchObject({ verdict: 'paid', saving: lanes[1].costPerCall - 11 })
  })
})
