import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureKey } from '#lib/auth/key.ts'
import { studio } from '#lib/db/studio.ts'
import { serveV1 } from '#lib/gateway/v1.ts'
import { askOnce } from '#lib/playground/ask.ts'
import { until } from '../support/engine.ts'
import { KINDS, startFloodProvider } from '../support/flood-provider.ts'
import { setUpStudio } from '../support/set-up.ts'

const MB = 1024 * 1024

/** Bytes that may leave the provider before it is left: a limit of 1 MB, or of 32, and what the sockets hold. */
const mostOf = (kind: string, asStream: boolean) => {
  if (kind === 'comments' && asStream) return 129 * MB
  return (asStream && kind !== 'body' && kind !== 'line-as-json' ? 1 : 32) * MB
}
const HELD = 24 * MB

const provider = await startFloodProvider()
await setUpStudio({ baseURL: provider.baseURL, key: 'sk-test-of-floods-0001' })
const key = ensureKey()
let door: http.Server
let address: string

beforeAll(async () => {
  door = http.createServer(serveV1)
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(door.address() as AddressInfo).port}/v1/chat/completions`
})
afterAll(async () => {
  door.closeAllConnections()
  door.close()
  await provider.close()
})

/** Reads an answer of /v1 and keeps its end. */
async function ask(model: string, stream: boolean) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: `compatible/${model}`, stream, messages: [] }),
  })
  let tail = ''
  for await (const part of answer.body ?? [])
    tail = (tail + Buffer.from(part).toString('latin1')).slice(-2_000)
  return { status: answer.status, tail }
}

const lastCall = () =>
  until('the call to be written down', async () => {
    const [call] = await studio().selectFrom('door_calls').selectAll().execute()
    return call
  })

/** Its limit is far away: reading as far takes seconds, so once is enough. */
const SLOW = 'comments'
const quick = KINDS.filter((kind) => kind !== SLOW)

const cases = [
  ...quick.flatMap((kind) => [true, false].map((stream) => ({ kind, stream }))),
  { kind: SLOW, stream: true },
]

test.each(cases)(
  'an endless $kind, asked for as a stream: $stream, is ended in words by /v1',
  async ({ kind, stream }) => {
    await studio().deleteFrom('door_calls').execute()
    const { status, tail } = await ask(kind, stream)
    expect(await provider.sent()).toBeLessThan(
      mostOf(kind, stream || /^(line|event|comments)$/.test(kind)) + HELD,
    )
    expect(tail).toMatch(/"message":"The provider's answer (was stopped|is larger)/)
    const { outcome } = await lastCall()
    // Once an answer has begun its status is told, and its end is an event.
    expect([status, outcome]).toEqual(status === 200 ? [200, 'interrupted'] : [502, 'failed'])
  },
)

test.each(quick)('an endless %s is an answer that failed, in words, in the playground', async (kind) => {
  const sampling = { temperature: null, topP: null, maxTokens: 64, seed: null }
  const messages = [{ role: 'user' as const, content: 'Tell me about Neon' }]
  const ask = { providerId: 'compatible' as const, model: kind, messages, sampling }
  const { state, error } = await askOnce(ask, 'compare', new AbortController().signal)
  expect(state).toMatch(/^(failed|interrupted)$/)
  expect(error?.message).toMatch(/^The provider's answer (was stopped|is larger)/)
  expect(await provider.sent()).toBeLessThan(mostOf(kind, true) + HELD)
})
