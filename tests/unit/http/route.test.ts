import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { route } from '#lib/http/route.ts'

const long = { words: Array.from({ length: 2_000 }, (_, index) => `word ${index}`) }

const ask = (answer: unknown, encoding?: string) =>
  route({}, () => answer)(
    new Request('http://localhost/api/x', { headers: encoding ? { 'accept-encoding': encoding } : {} }),
    {},
  )

test('a long answer is packed for who takes that, and says so', async () => {
  const answer = await ask(long, 'gzip, deflate, br')
  expect(answer.headers.get('content-encoding')).toBe('gzip')
  expect(answer.headers.get('vary')).toBe('accept-encoding')
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(bytes.length).toBeLessThan(JSON.stringify(long).length / 2)
  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(long)
})

test('a short one, and one for who does not, goes as it is', async () => {
  for (const answer of [await ask({ short: true }, 'gzip'), await ask(long)]) {
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(answer.headers.get('content-type')).toBe('application/json')
    await expect(answer.json()).resolves.toBeTruthy()
  }
  expect(await (await ask(undefined)).json()).toBeNull()
})
