import { expect, test } from 'vitest'
import { Waker } from '#lib/core/waker.ts'

/** ms, longer than any test: a sleep of this length ends only when woken. */
const LONG = 600_000
const never = new AbortController().signal

test('a sleep ends when it is woken', async () => {
  const waker = new Waker()
  const sleeping = waker.sleep({ most: LONG, signal: never })
  setImmediate(waker.wake)
  await sleeping
})

test('wake during the loop ends the next sleep, and only that', async () => {
  const waker = new Waker()
  waker.wake()
  waker.wake()
  await waker.sleep({ signal: never })
  const began = performance.now()
  await waker.sleep({ most: 20, signal: never })
  expect(performance.now() - began).toBeGreaterThanOrEqual(15)
})

test('several calls of wake within the minimum end one sleep', async () => {
  const waker = new Waker()
  const began = performance.now()
  setImmediate(waker.wake)
  setTimeout(waker.wake, 5)
  await waker.sleep({ least: 30, signal: never })
  expect(performance.now() - began).toBeGreaterThanOrEqual(25)
  await waker.sleep({ most: 1, signal: never })
})

test('a sleep ends when its signal aborts, also when it was aborted before', async () => {
  const waker = new Waker()
  const ending = new AbortController()
  const sleeping = waker.sleep({ least: LONG, signal: ending.signal })
  ending.abort()
  await sleeping
  await waker.sleep({ least: LONG, signal: ending.signal })
})
