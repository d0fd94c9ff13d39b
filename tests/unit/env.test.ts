import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

const read = async (address: string) => {
  vi.stubEnv('OPENAI_BASE_URL', address)
  const { env } = await import('#lib/env.ts')
  return env().openaiBaseUrl
}

test.each([
  'http://person:canary@127.0.0.1:9/v1',
  'http://canary@127.0.0.1:9/v1',
  'https://models.example/v1?key=canary',
  'https://models.example/v1#canary',
])('an address that holds a secret or more than a path is refused, and not repeated: %s', async (address) => {
  const refused = await read(address).then(String, (thrown: Error) => thrown.message)
  expect(refused).toContain('OPENAI_BASE_URL must hold no user')
  expect(refused).not.toContain('canary')
})

test('a plain address is taken as it is', async () => {
  expect(await read('https://models.example/v1')).toBe('https://models.example/v1')
})
