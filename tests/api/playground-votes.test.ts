import { describe, expect, test } from 'vitest'
import { getDataset } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import type { WinRate } from '#lib/playground/schema.ts'
import { insertAnswer } from '#lib/playground/store.ts'
import { POST as askAgain } from '../../app/api/playground/[comparisonId]/again/route.ts'
import { GET as exported, POST as kept } from '../../app/api/playground/preferences/route.ts'
import { GET as standing } from '../../app/api/playground/standing/route.ts'
import { asked, at, cast, comparison, made, post, readAll, takeBack } from '../support/playground.ts'

describe('a blind comparison', () => {
  const TWO = ['steady', 'ft:steady:org:elle:AbCd1234']

  test('tells nothing of who answers, neither while it streams nor afterwards, until a vote is cast', async () => {
    const id = newComparisonId()
    const chunks = await readAll(await post([...TWO, 'refuses'], { id, blind: true }))
    const told = JSON.stringify([chunks, await comparison(id)])
    for (const word of ['ft:steady', 'chatcmpl', 'embedded', '"steady"', 'boom', 'promptTokens'])
      expect(told).not.toContain(word)
    const [answer] = (await comparison(id)).answers.filter(({ state }) => state === 'finished')
    const { status, body } = await cast(id, 0, answer?.place ?? 0)
    expect(status).toBe(200)
    expect(body.hidden).toBe(false)
    expect(body.panes.map(({ name }: { name: { model: string } }) => name.model).toSorted()).toEqual(
      [...TWO, 'refuses'].toSorted(),
    )
    expect(body.votes).toMatchObject([{ blind: true, winner: answer?.place }])
    expect(body.answers[answer?.place ?? 0].facts.requestId).toMatch(/^chatcmpl-/)
  })

  test('is shuffled: neither side comes first always', async () => {
    const first = new Set<string>()
    for (let round = 0; round < 24; round++) {
      const id = await made(TWO, { blind: true })
      const { body } = await cast(id, 0, null)
      first.add(body.panes[0].name.model)
      if (first.size === 2) return
    }
    expect([...first]).toEqual(TWO)
  })
})

describe('a vote', () => {
  const [BASE, TUNED] = ['plain', 'tuned'] as const

  test('is cast once, on whole answers', async () => {
    const id = await made(['steady', 'cut'])
    expect((await cast(id, 0, 0)).status).toBe(400)
    const whole = await made(['steady', 'steady'])
    expect((await cast(whole, 0, 3)).status).toBe(400)
    expect((await cast(whole, 1, 0)).status).toBe(400)
    expect((await cast(whole, 0, 0)).status).toBe(200)
    expect(await cast(whole, 0, 1)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } })
    expect((await comparison(whole)).votes).toMatchObject([{ winner: 0, blind: false }])
  })

  test('is taken back, counts no more, and makes room for another', async () => {
    const id = await made(['steady', 'likely'], { blind: true })
    expect(await takeBack(id, 0)).toMatchObject({ status: 409 })
    await cast(id, 0, 1)
    expect(await takeBack(id, 0)).toMatchObject({ status: 200, body: { votes: [], hidden: false } })
    expect(await takeBack(id, 0)).toMatchObject({ status: 409 })
    const { votes, open } = await (await standing(asked('?a=embedded/steady&b=embedded/likely'), {})).json()
    expect([votes, open.votes]).toEqual([0, 0])
    // The answers can be asked for again, and tell who gave them.
    const chunks = await readAll(await askAgain(asked('', { place: 0 }), at(id)))
    expect(chunks[0]).toMatchObject({ type: 'began', name: { providerId: 'embedded' } })
    // The names are known by now, so the next vote is not blind.
    expect(await cast(id, 0, 0)).toMatchObject({
      status: 200,
      body: { votes: [{ blind: false, winner: 0 }] },
    })
    expect(await takeBack(newComparisonId(), 0)).toMatchObject({ status: 404 })
  })

  const winRateNow = async (b: string = TUNED): Promise<WinRate> =>
    (await standing(asked(`?a=embedded/${BASE}&b=embedded/${b}`), {})).json()

  /** A vote on answers of its own: a model of the test says the same to the same question. */
  const votedOn = async (prompt: string, better: string | null, blind: boolean) => {
    const id = await made([BASE, TUNED], { blind, prompt })
    const named = await studio().selectFrom('answers').selectAll().where('comparison_id', '=', id).execute()
    await cast(id, 0, named.find(({ model }) => model === better)?.place ?? null)
    return id
  }

  test('counts for its two models, with an interval and the votes still needed', async () => {
    expect(await winRateNow()).toMatchObject({ votes: 0, share: null, interval: { low: 0, high: 1 } })
    for (const [n, better] of [TUNED, TUNED, TUNED, null, BASE].entries())
      await votedOn(`Question ${n}`, better, true)
    const found = await winRateNow()
    expect(found).toMatchObject({ votes: 5, wins: 3, losses: 1, ties: 1, share: 0.7, open: { votes: 0 } })
    expect(found.interval.low).toBeLessThan(0.5)
    expect(found.needed).toBeGreaterThan(0)
    expect((await winRateNow(`${TUNED}%2B3`)).votes).toBe(0)
  })

  test('with the names in sight is counted beside the blind ones, and moves no interval', async () => {
    const before = await winRateNow()
    for (const n of [0, 1]) await votedOn(`Open question ${n}`, TUNED, false)
    expect(await winRateNow()).toEqual({ ...before, open: { votes: 2, wins: 2, losses: 0, ties: 0 } })
  })

  test('on the same two answers to the same question counts once: the first one', async () => {
    const before = await winRateNow()
    await votedOn('The same question', TUNED, true)
    for (const blind of [true, false]) await votedOn('The same question', BASE, blind)
    const once = await winRateNow()
    expect(once).toMatchObject({ votes: before.votes + 1, wins: before.wins + 1, losses: before.losses })
    expect(once.open).toEqual(before.open)
    // Names were seen with the first vote: the second, though blind, is no second opinion.
    await votedOn('Another question', TUNED, false)
    await votedOn('Another question', TUNED, true)
    const after = await winRateNow()
    expect(after.votes).toBe(once.votes)
    expect(after.open.votes).toBe(once.open.votes + 1)
  })
})

describe('votes as preference data', () => {
  test('the better answer beside the worse one, in every format, and as a dataset that its checks accept', async () => {
    await studio().deleteFrom('comparisons').execute()
    const id = await made(['steady', 'refuses'])
    expect((await cast(id, 0, 0)).status).toBe(400)
    const [base] = await studio().selectFrom('answers').selectAll().where('comparison_id', '=', id).execute()
    if (!base) throw new Error('no answer')
    await insertAnswer({ ...base, place: 1, state: 'finished', text: '=a worse one', error_json: null })
    await cast(id, 0, 0)

    const read = async (format: string) => (await exported(asked(`?format=${format}`), {})).text()
    const prompt = [
      { role: 'system', content: 'Be Elle.' },
      { role: 'user', content: 'Tell me about Neon' },
    ]
    const said = (content: string) => [{ role: 'assistant', content }]
    expect(JSON.parse(await read('openai'))).toEqual({
      input: { messages: prompt },
      preferred_output: said('Neon is a gas'),
      non_preferred_output: said('=a worse one'),
    })
    expect(JSON.parse(await read('trl'))).toEqual({
      prompt,
      chosen: said('Neon is a gas'),
      rejected: said('=a worse one'),
    })
    expect(await read('csv')).toBe(
      `system,prompt,chosen,rejected\r\nBe Elle.,Tell me about Neon,Neon is a gas,'=a worse one\r\n`,
    )
    const made_ = await (await kept(asked('', { name: 'Preferred' }), {})).json()
    expect(made_.rows).toBe(1)
    const dataset = await getDataset(made_.id)
    // One row is too few to train on, and that is all there is to say.
    expect(dataset.dataset.name).toBe('Preferred')
    expect(dataset.report.method).toBe('preference')
    expect(dataset.report.byRule).toEqual({ 'too-few-rows': 1 })
  })
})
