import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readNdjson } from '#lib/http/ndjson.ts'
import { advance, emptyColumn } from '#lib/playground/columns.ts'
import type { CompareChunk } from '#lib/playground/schema.ts'
import { serveEngine } from '#lib/providers/registry.ts'
import { POST } from '../../app/api/playground/route.ts'
import { ANSWER, type ChatProvider, startChatProvider } from '../support/chat-provider.ts'

let provider: ChatProvider

beforeAll(async () => {
  provider = await startChatProvider()
  serveEngine({ baseURL: provider.baseURL, key: provider.key })
})
afterAll(async () => {
  serveEngine(undefined)
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
        system: 'Be Elle.',
        prompt: 'Tell me about Neon',
        panes: models.map((model) => ({ id: model, providerId: 'embedded', model })),
        temperature: 0.7,
        topP: null,
        maxTokens: 64,
        seed: 38,
        ...more,
      }),
    }),
    {},
  )

const chunksOf = (response: Response) => readNdjson<CompareChunk>(response.body ?? new ReadableStream())

/** Reads to the end; `at` is called with each chunk. */
async function readAll(response: Response, at: (chunk: CompareChunk) => void = () => undefined) {
  const chunks: CompareChunk[] = []
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk)
    at(chunk)
  }
  return chunks
}

const ofPane = (chunks: CompareChunk[], pane: string) => chunks.filter((chunk) => chunk.pane === pane)
const lastOf = (chunks: CompareChunk[], pane: string) => ofPane(chunks, pane).at(-1)
const textOf = (chunks: CompareChunk[], pane: string) =>
  ofPane(chunks, pane)
    .map((chunk) => (chunk.type === 'token' ? chunk.text : ''))
    .join('')

describe('POST /api/playground', () => {
  test('an answer arrives whole, with what it took and who gave it', async () => {
    const chunks = await readAll(await post(['steady']))
    expect(textOf(chunks, 'steady')).toBe(ANSWER.join(''))
    expect(chunks.slice(0, 3).map(({ type }) => type)).toEqual(['began', 'named', 'token'])
    const last = lastOf(chunks, 'steady')
    expect(last).toMatchObject({
      type: 'finished',
      promptTokens: 7,
      completionTokens: 4,
      finishReason: 'stop',
      reportedModel: 'steady',
      requestId: 'chatcmpl-steady',
    })
    if (last?.type !== 'finished') return
    expect(last.firstTokenMs).toBeGreaterThanOrEqual(0)
    expect(last.totalMs).toBeGreaterThanOrEqual(last.firstTokenMs ?? Number.POSITIVE_INFINITY)
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
      panes: ['one', 'two', 'three'].map((id) => ({ id, providerId: 'embedded', model: 'gated' })),
    })
    const first = new Set<string>()
    const chunks = await readAll(response, (chunk) => {
      if (chunk.type === 'token') first.add(chunk.pane)
      // The provider holds every answer after its first token until all three first tokens have reached the reader.
      if (first.size === 3) provider.open()
    })
    expect(chunks.filter(({ type }) => type === 'finished')).toHaveLength(3)
  })

  test.each(['refuses', 'late'])('a pane whose provider %s does not hold the others', async (model) => {
    const chunks = await readAll(await post([model, 'steady']), (chunk) => {
      if (chunk.type === 'finished' && chunk.pane === 'steady') provider.open()
    })
    expect(lastOf(chunks, 'steady')?.type).toBe('finished')
    expect(lastOf(chunks, model)?.type).toBe(model === 'refuses' ? 'failed' : 'finished')
  })

  test('a refusal keeps its words, its code and its request id', async () => {
    const last = lastOf(await readAll(await post(['refuses'])), 'refuses')
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
    const last = lastOf(chunks, model)
    expect(last?.type).toBe('interrupted')
    expect(last).toMatchObject({ finishReason: null, completionTokens: null })
    expect(last?.type === 'interrupted' && (last.error?.code ?? null)).toBe(code)
    expect(textOf(chunks, model)).toBe(ANSWER[0])
    expect(ofPane(chunks, model).reduce(advance, emptyColumn)).toMatchObject({
      state: 'interrupted',
      text: ANSWER[0],
    })
    expect(lastOf(chunks, 'steady')?.type).toBe('finished')
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
      { id: 'far', providerId: 'openai', model: 'gpt-4o' },
      { id: 'near', providerId: 'embedded', model: 'steady' },
    ]
    const chunks = await readAll(await post([], { panes }))
    expect(lastOf(chunks, 'far')).toMatchObject({ type: 'failed', error: { code: 'not_found' } })
    expect(lastOf(chunks, 'near')?.type).toBe('finished')
  })

  test.each([
    ['an empty prompt', { prompt: '  ' }, 'prompt'],
    ['no panes', { panes: [] }, 'panes'],
    [
      'two panes of one name',
      { panes: [1, 2].map(() => ({ id: 'a', providerId: 'embedded', model: 'm' })) },
      'panes',
    ],
    ['a temperature nobody takes', { temperature: 9 }, 'temperature'],
  ])('%s is refused with its place', async (_what, more, param) => {
    const response = await post(['steady'], more)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid', param } })
    expect(provider.asked).toEqual([])
  })
})
