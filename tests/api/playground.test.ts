import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { getDataset } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import { advance, emptyColumn } from '#lib/playground/columns.ts'
import { CompareChunk, type Comparison, newComparisonId, type Standing } from '#lib/playground/schema.ts'
import { insertAnswer } from '#lib/playground/store.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { POST as again } from '../../app/api/playground/[comparisonId]/again/route.ts'
import { DELETE, GET as getOne } from '../../app/api/playground/[comparisonId]/route.ts'
import { POST as postVote } from '../../app/api/playground/[comparisonId]/vote/route.ts'
import { GET as exported, POST as kept } from '../../app/api/playground/preferences/route.ts'
import { GET as history, POST } from '../../app/api/playground/route.ts'
import { GET as standing } from '../../app/api/playground/standing/route.ts'
import { ANSWER, startChatProvider } from '../support/chat-provider.ts'
import { setUpStudio } from '../support/set-up.ts'

const provider = await startChatProvider()
await setUpStudio()

beforeAll(() => setEngineAddress(provider))
afterAll(async () => {
  setEngineAddress(null)
  await provider.close()
})
beforeEach(() => void provider.asked.splice(0))

const post = (
  models: string[],
  { signal, ...more }: { signal?: AbortSignal; [field: string]: unknown } = {},
) =>
  POST(
    new Request('http://localhost/api/playground', {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: newComparisonId(),
        system: 'Be Elle.',
        prompt: 'Tell me about Neon',
        panes: models.map((model) => ({ providerId: 'embedded', model })),
        temperature: 0.7,
        topP: null,
        maxTokens: 64,
        seed: 38,
        ...more,
      }),
    }),
    {},
  )

const chunksOf = (response: Response) => readNdjson(CompareChunk, response.body ?? new ReadableStream())

/** Reads to the end; `at` is called with each chunk. */
async function readAll(response: Response, at: (chunk: CompareChunk) => void = () => undefined) {
  const chunks: CompareChunk[] = []
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk)
    at(chunk)
  }
  return chunks
}

const ofPlace = (chunks: CompareChunk[], place: number, sample = 0) =>
  chunks.filter((chunk) => chunk.place === place && chunk.sample === sample)
const lastOf = (chunks: CompareChunk[], place: number, sample = 0) => ofPlace(chunks, place, sample).at(-1)
const textOf = (chunks: CompareChunk[], place: number) =>
  ofPlace(chunks, place)
    .map((chunk) => (chunk.type === 'token' ? chunk.text : ''))
    .join('')

describe('POST /api/playground', () => {
  test('an answer arrives whole, with what it took and who gave it', async () => {
    const chunks = await readAll(await post(['steady']))
    expect(textOf(chunks, 0)).toBe(ANSWER.join(''))
    expect(chunks.slice(0, 3).map(({ type }) => type)).toEqual(['began', 'named', 'token'])
    const last = lastOf(chunks, 0)
    expect(last).toMatchObject({
      type: 'finished',
      facts: {
        promptTokens: 7,
        completionTokens: 4,
        finishReason: 'stop',
        reportedModel: 'steady',
        requestId: 'chatcmpl-steady',
        promptHash: expect.stringMatching(/^[0-9a-f]{12}$/),
        cost: 0,
      },
    })
    if (last?.type !== 'finished') return
    const { firstTokenMs, totalMs } = last.facts
    expect(firstTokenMs).toBeGreaterThanOrEqual(0)
    expect(totalMs).toBeGreaterThanOrEqual(firstTokenMs ?? Number.POSITIVE_INFINITY)
  })

  test('the question goes out as it was set', async () => {
    await readAll(await post(['steady'], { system: '  ', topP: 0.9, seed: null }))
    expect(provider.asked).toEqual([
      {
        model: 'steady',
        messages: [{ role: 'user', content: 'Tell me about Neon' }],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.7,
        top_p: 0.9,
        max_completion_tokens: 64,
      },
    ])
  })

  test("each pane's first token is here before any pane has ended", async () => {
    const response = await post(['gated', 'steady'], {
      panes: [1, 2, 3].map(() => ({ providerId: 'embedded', model: 'gated' })),
    })
    const first = new Set<number>()
    const chunks = await readAll(response, (chunk) => {
      if (chunk.type === 'token') first.add(chunk.place)
      // The provider holds every answer after its first token until all three first tokens have reached the reader.
      if (first.size === 3) provider.open()
    })
    expect(chunks.filter(({ type }) => type === 'finished')).toHaveLength(3)
  })

  test.each(['refuses', 'late'])('a pane whose provider %s does not hold the others', async (model) => {
    const chunks = await readAll(await post([model, 'steady']), (chunk) => {
      if (chunk.type === 'finished' && chunk.place === 1) provider.open()
    })
    expect(lastOf(chunks, 1)?.type).toBe('finished')
    expect(lastOf(chunks, 0)?.type).toBe(model === 'refuses' ? 'failed' : 'finished')
  })

  test('a refusal keeps its words, its code and its request id', async () => {
    const last = lastOf(await readAll(await post(['refuses'])), 0)
    expect(last).toMatchObject({
      type: 'failed',
      error: {
        code: 'provider_refused',
        message: 'The server had an error',
        facts: { status: 500, providerCode: 'boom', requestId: 'req-1' },
      },
    })
  })

  test.each([
    ['cut', null],
    ['severed', 'provider_unreachable'],
    ['garbage', 'provider_unreachable'],
    ['error-frame', 'provider_refused'],
  ])('a stream that is %s is interrupted, and what came is kept', async (model, code) => {
    const chunks = await readAll(await post([model, 'steady']))
    const last = lastOf(chunks, 0)
    expect(last?.type).toBe('interrupted')
    expect(last).toMatchObject({ facts: { finishReason: null, completionTokens: null } })
    expect(last?.type === 'interrupted' && (last.error?.code ?? null)).toBe(code)
    expect(textOf(chunks, 0)).toBe(ANSWER[0])
    expect(ofPlace(chunks, 0).reduce(advance, emptyColumn)).toMatchObject({
      state: 'interrupted',
      text: ANSWER[0],
    })
    expect(lastOf(chunks, 1)?.type).toBe('finished')
  })

  test('stopping reaches every provider, also one that has not answered yet', async () => {
    const stop = new AbortController()
    const response = await post(['stalls', 'hangs'], { signal: stop.signal })
    for await (const chunk of chunksOf(response)) if (chunk.type === 'token') break
    stop.abort()
    await Promise.all([provider.left('stalls'), provider.left('hangs')])
  })

  test('leaving the page reaches the provider as well', async () => {
    const response = await post(['gated'])
    const reader = response.body?.getReader()
    await reader?.read()
    while (provider.asked.length === 0) await reader?.read()
    await reader?.cancel()
    await provider.left('gated')
  })

  test('an unknown provider fails in its own pane', async () => {
    const panes = [
      { providerId: 'openai', model: 'gpt-4o' },
      { providerId: 'embedded', model: 'steady' },
    ]
    const chunks = await readAll(await post([], { panes }))
    expect(lastOf(chunks, 0)).toMatchObject({ type: 'failed', error: { code: 'not_found' } })
    expect(lastOf(chunks, 1)?.type).toBe('finished')
  })

  test.each([
    ['an empty prompt', { prompt: '  ' }, 'prompt'],
    ['no panes', { panes: [] }, 'panes'],
    ['an id that is none', { id: 'cmp_1' }, 'id'],
    ['a temperature nobody takes', { temperature: 9 }, 'temperature'],
  ])('%s is refused with its place', async (_what, more, param) => {
    const response = await post(['steady'], more)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid', param } })
    expect(provider.asked).toEqual([])
  })
})

const json = { 'content-type': 'application/json' }
const at = (id: string) => ({ params: Promise.resolve({ comparisonId: id }) })
const asked = (path: string, body?: unknown) =>
  new Request(`http://localhost/${path}`, {
    ...(body !== undefined && { method: 'POST', headers: json, body: JSON.stringify(body) }),
  })
const comparison = async (id: string): Promise<Comparison> => (await getOne(asked(''), at(id))).json()
const cast = async (id: string, sample: number, winner: number | null) => {
  const response = await postVote(asked('', { sample, winner }), at(id))
  return { status: response.status, body: await response.json() }
}
/** Asks to the end. @returns the comparison's id */
async function made(models: string[], more: Record<string, unknown> = {}): Promise<string> {
  const id = newComparisonId()
  await readAll(await post(models, { id, ...more }))
  return id
}

describe('what was compared', () => {
  test('is kept as it came, with its question, its panes and its endings', async () => {
    const id = await made(['steady', 'cut', 'refuses'])
    const kept = await comparison(id)
    expect(kept).toMatchObject({
      blind: false,
      hidden: false,
      question: { system: 'Be Elle.', prompt: 'Tell me about Neon', temperature: 0.7, seed: 38, samples: 1 },
      panes: [{ name: { model: 'steady' } }, { name: { model: 'cut' } }, { name: { model: 'refuses' } }],
      answers: [
        { place: 0, state: 'finished', text: ANSWER.join(''), facts: { finishReason: 'stop' } },
        { place: 1, state: 'interrupted', text: ANSWER[0] },
        { place: 2, state: 'failed', text: '', error: { code: 'provider_refused' } },
      ],
    })
    const page = await (await history(asked('?limit=1'), {})).json()
    expect(page.comparisons).toHaveLength(1)
    expect(page.comparisons[0].id).toBe(id)
    const older = await (await history(asked(`?limit=1&after=${page.next}`), {})).json()
    expect(older.comparisons[0].id).not.toBe(id)
    await DELETE(asked(''), at(id))
    expect((await getOne(asked(''), at(id))).status).toBe(404)
  })

  test('is asked for once', async () => {
    const id = await made(['steady'])
    const response = await post(['steady'], { id })
    expect(response.status).toBe(409)
    expect(provider.asked).toHaveLength(1)
  })

  test('that was stopped is kept and marked', async () => {
    const stop = new AbortController()
    const id = newComparisonId()
    const response = await post(['stalls'], { id, signal: stop.signal })
    for await (const chunk of chunksOf(response)) if (chunk.type === 'token') break
    stop.abort()
    await expect
      .poll(async () => (await comparison(id)).answers)
      .toMatchObject([{ state: 'stopped', text: ANSWER[0] }])
  })

  test('several samples each have a seed of their own', async () => {
    const id = await made(['steady'], { samples: 3 })
    expect(provider.asked.map(({ seed }) => seed).toSorted()).toEqual([38, 39, 40])
    expect((await comparison(id)).answers.map(({ sample }) => sample)).toEqual([0, 1, 2])
  })

  test('a pane may differ in its sampling and in what was said before', async () => {
    const earlier = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ]
    const own = { temperature: 0, topP: null, maxTokens: 5, seed: null }
    const panes = [
      { providerId: 'embedded', model: 'steady' },
      { providerId: 'embedded', model: 'steady', sampling: own, earlier },
    ]
    await made([], { panes })
    const [shared, apart] = provider.asked
    expect(shared).toMatchObject({ temperature: 0.7, max_completion_tokens: 64 })
    expect(apart).toMatchObject({ temperature: 0, max_completion_tokens: 5 })
    expect(apart?.messages).toEqual([
      { role: 'system', content: 'Be Elle.' },
      ...earlier,
      { role: 'user', content: 'Tell me about Neon' },
    ])
  })

  test('few-shot examples are the first of the training rows, before the question', async () => {
    const { id: datasetId } = await loadSample()
    const panes = [{ providerId: 'embedded', model: 'steady', fewShot: 2 }]
    await made([], { panes, data: { datasetId, versionId: null } })
    const messages = provider.asked[0]?.messages as { role: string; content: string }[]
    expect(messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'user', 'assistant', 'user'],
    ])
    expect(messages[2]?.content).toMatch(/ - /)
    const many = await post([], {
      panes: [{ providerId: 'embedded', model: 'steady', fewShot: 60 }],
      data: { datasetId, versionId: null },
    })
    expect(many.status).toBe(400)
    expect(provider.asked).toHaveLength(1)
  })

  test('one pane is asked again in place of its answer, until there is a vote', async () => {
    const id = await made(['steady', 'ft:steady:org:elle:AbCd1234'])
    const before = await comparison(id)
    await readAll(await again(asked('', { place: 1 }), at(id)))
    const after = await comparison(id)
    expect(provider.asked).toHaveLength(3)
    expect(after.answers[0]).toEqual(before.answers[0])
    expect(after.answers[1]?.facts.answeredAt).toBeGreaterThan(before.answers[1]?.facts.answeredAt ?? 0)
    await cast(id, 0, 1)
    expect((await again(asked('', { place: 1 }), at(id))).status).toBe(409)
  })
})

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

  const standingNow = async (b: string = TUNED): Promise<Standing> =>
    (await standing(asked(`?a=embedded/${BASE}&b=embedded/${b}`), {})).json()

  /** A vote on answers of its own: a model of the test says the same to the same question. */
  const votedOn = async (prompt: string, better: string | null, blind: boolean) => {
    const id = await made([BASE, TUNED], { blind, prompt })
    const named = await studio().selectFrom('answers').selectAll().where('comparison_id', '=', id).execute()
    await cast(id, 0, named.find(({ model }) => model === better)?.place ?? null)
    return id
  }

  test('counts for its two models, with an interval and the votes still needed', async () => {
    expect(await standingNow()).toMatchObject({ votes: 0, share: null, interval: { low: 0, high: 1 } })
    for (const [n, better] of [TUNED, TUNED, TUNED, null, BASE].entries())
      await votedOn(`Question ${n}`, better, true)
    const found = await standingNow()
    expect(found).toMatchObject({ votes: 5, wins: 3, losses: 1, ties: 1, share: 0.7, open: { votes: 0 } })
    expect(found.interval.low).toBeLessThan(0.5)
    expect(found.needed).toBeGreaterThan(0)
    expect((await standingNow(`${TUNED}%2B3`)).votes).toBe(0)
  })

  test('with the names in sight is counted beside the blind ones, and moves no interval', async () => {
    const before = await standingNow()
    for (const n of [0, 1]) await votedOn(`Open question ${n}`, TUNED, false)
    expect(await standingNow()).toEqual({ ...before, open: { votes: 2, wins: 2, losses: 0, ties: 0 } })
  })

  test('on the same two answers to the same question counts once: the first one', async () => {
    const before = await standingNow()
    await votedOn('The same question', TUNED, true)
    for (const blind of [true, false]) await votedOn('The same question', BASE, blind)
    const once = await standingNow()
    expect(once).toMatchObject({ votes: before.votes + 1, wins: before.wins + 1, losses: before.losses })
    expect(once.open).toEqual(before.open)
    // Names were seen with the first vote: the second, though blind, is no second opinion.
    await votedOn('Another question', TUNED, false)
    await votedOn('Another question', TUNED, true)
    const after = await standingNow()
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
