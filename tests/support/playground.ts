import { afterAll, beforeAll, beforeEach } from 'vitest'
import { answerOf } from '#lib/http/answer.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import { CompareChunk, type Comparison } from '#lib/playground/schema.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { GET as getOne } from '../../app/api/playground/[comparisonId]/route.ts'
import { DELETE as deleteVote, POST as postVote } from '../../app/api/playground/[comparisonId]/vote/route.ts'
import { POST } from '../../app/api/playground/route.ts'
import { startChatProvider } from './chat-provider.ts'
import { setUpStudio } from './set-up.ts'

/*
 * A studio with a provider that answers, for the test files that import it: its hooks run around each of their tests.
 */

export const provider = await startChatProvider()
await setUpStudio()

beforeAll(() => setEngineAddress(provider))
afterAll(async () => {
  setEngineAddress(null)
  await provider.close()
})
beforeEach(() => void provider.asked.splice(0))

export const post = (
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

export const chunksOf = (response: Response) =>
  readNdjson((line) => answerOf(CompareChunk, line), response.body ?? new ReadableStream())

/** Reads to the end; `at` is called with each chunk. */
export async function readAll(response: Response, at: (chunk: CompareChunk) => void = () => undefined) {
  const chunks: CompareChunk[] = []
  for await (const chunk of chunksOf(response)) {
    chunks.push(chunk)
    at(chunk)
  }
  return chunks
}

const json = { 'content-type': 'application/json' }
export const at = (id: string) => ({ params: Promise.resolve({ comparisonId: id }) })
export const asked = (path: string, body?: unknown) =>
  new Request(`http://localhost/${path}`, {
    ...(body !== undefined && { method: 'POST', headers: json, body: JSON.stringify(body) }),
  })
export const comparison = async (id: string): Promise<Comparison> => (await getOne(asked(''), at(id))).json()
export const cast = async (id: string, sample: number, winner: number | null) => {
  const response = await postVote(asked('', { sample, winner }), at(id))
  return { status: response.status, body: await response.json() }
}
export const takeBack = async (id: string, sample: number) => {
  const response = await deleteVote(asked(`?sample=${sample}`), at(id))
  return { status: response.status, body: await response.json() }
}
/** Asks to the end. @returns the comparison's id */
export async function made(models: string[], more: Record<string, unknown> = {}): Promise<string> {
  const id = newComparisonId()
  await readAll(await post(models, { id, ...more }))
  return id
}
