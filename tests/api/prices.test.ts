import { expect, test } from 'vitest'
import { SHIPPED_PRICES, trainingPrice } from '#lib/providers/prices.ts'
import type { Price } from '#lib/providers/schema.ts'
import { DELETE, GET, PUT } from '../../app/api/providers/prices/route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()
const ADDRESS = 'http://localhost/api/providers/prices'

const read = async (response: Response) => ({
  status: response.status,
  answer: (await response.json()) as Price[],
})
const list = async () => read(await GET(new Request(ADDRESS), {}))
const put = async (body: unknown) => {
  const headers = { 'content-type': 'application/json' }
  return read(await PUT(new Request(ADDRESS, { method: 'PUT', headers, body: JSON.stringify(body) }), {}))
}
const remove = async (providerId: string, model: string) => {
  const query = new URLSearchParams({ providerId, model })
  return read(await DELETE(new Request(`${ADDRESS}?${query}`, { method: 'DELETE' }), {}))
}

const draft = { providerId: 'openai', model: 'gpt-4o-mini', asOf: '2026-11-20', source: 'our invoice' }

test('until somebody sets one, the published prices are all there is', async () => {
  expect((await list()).answer).toEqual(SHIPPED_PRICES)
})

test('a price that is set replaces the published one, and the next one replaces that', async () => {
  await put({ ...draft, perMillion: 2_500_000 })
  const { status, answer } = await put({ ...draft, perMillion: 2_000_000 })
  expect(status).toBe(200)
  expect(answer).toHaveLength(SHIPPED_PRICES.length)
  expect(trainingPrice(answer, 'openai', 'gpt-4o-mini-2024-07-18')).toEqual({
    ...draft,
    perMillion: 2_000_000,
    own: true,
  })
})

test('a price for a model of its own stands beside the others', async () => {
  const { answer } = await put({ ...draft, providerId: 'compatible', model: '', perMillion: 400_000 })
  expect(answer).toHaveLength(SHIPPED_PRICES.length + 1)
  expect(trainingPrice(answer, 'compatible', 'Qwen/Qwen3-32B')?.perMillion).toBe(400_000)
})

test('a price that is forgotten gives way to the published one', async () => {
  await remove('compatible', '')
  expect((await remove('openai', 'gpt-4o-mini')).answer).toEqual(SHIPPED_PRICES)
  expect((await list()).answer).toEqual(SHIPPED_PRICES)
})

test('the route says which field is wrong', async () => {
  const { status, answer } = await put({ ...draft, perMillion: 1, source: '' })
  expect(status).toBe(400)
  expect(answer).toMatchObject({ error: { code: 'invalid', param: 'source' } })
})
