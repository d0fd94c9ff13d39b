import { expect, test } from 'vitest'
import { events } from '#lib/providers/event-stream.ts'

test.each(['\n\n', '\r\r', '\r\n\r\n'])(
  'events that end with %j are told apart wherever they are cut',
  (end) => {
    const whole = ['data: 1', 'event: e\ndata: 2', ': 3'].map((event) => event + end)
    const text = `${whole.join('')}data: a rest`
    for (let size = 1; size <= text.length; size++) {
      const { push, rest } = events()
      const found: string[] = []
      for (let at = 0; at < text.length; at += size) found.push(...push(text.slice(at, at + size)))
      expect(found, `parts of ${size}`).toEqual(whole)
      expect(rest()).toBe('data: a rest')
    }
  },
)

const part = 'x'.repeat(64 * 1024)

/** Parts of 64 KB that are read until the stream is refused. */
function taken(next: string): number {
  const { push } = events()
  for (let count = 1; count <= 5_000; count++) {
    try {
      push(next)
    } catch (thrown) {
      expect(thrown).toMatchObject({
        code: 'provider_refused',
        message: expect.stringMatching(/larger than/),
      })
      return count
    }
  }
  return Number.POSITIVE_INFINITY
}

test('an endless event is refused at 1 MB, an endless stream at 128 MB', () => {
  expect(taken(part)).toBe(17)
  expect(taken(`${part.slice(2)}\n`)).toBe(17)
  expect(taken(`${part.slice(2)}\n\n`)).toBe(128 * 16 + 1)
})
