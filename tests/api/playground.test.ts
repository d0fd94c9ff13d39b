import { describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { advance, emptyColumn } from '#lib/playground/columns.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import type { CompareChunk } from '#lib/playground/schema.ts'
import { POST as again } from '../../app/api/playground/[comparisonId]/again/route.ts'
import { DELETE, GET as getOne } from '../../app/api/playground/[comparisonId]/route.ts'
import { GET as history } from '../../app/api/playground/route.ts'
import { ANSWER } from '../support/chat-provider.ts'
import {
  asked,
  at,
  cast,
  chunksOf,
  comparison,
  made,
  post,
  provider,
  readAll,
} from '../support/playground.ts'

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
        logprobs: true,
        top_logprobs: 5,
      },
    ])
  })

  test('tokens come with their probabilities, and are kept; a blind comparison tells them after its vote', async () => {
    const told = { text: ' gas', probability: 0.75 }
    const id = newComparisonId()
    const chunks = await readAll(await post(['likely', 'steady'], { id }))
    expect(chunks.findLast((chunk) => chunk.type === 'token' && chunk.tokens)).toMatchObject({
      tokens: [{ ...told, likeliest: [told, { text: ' other', probability: 0.125 }] }],
    })
    const [first, second] = (await comparison(id)).answers
    expect(first?.tokens.map(({ text }) => text).join('')).toBe(first?.text)
    expect(second?.tokens).toEqual([])

    const blind = newComparisonId()
    const hidden = await readAll(await post(['likely', 'likely'], { id: blind, blind: true }))
    expect(JSON.stringify([hidden, await comparison(blind)])).not.toContain('0.125')
    await cast(blind, 0, 0)
    expect((await comparison(blind)).answers[0]?.tokens).toHaveLength(4)
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
