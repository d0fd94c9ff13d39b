import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { meter } from '#lib/engine/throughput.ts'

test('the speed of a run is what it read since it went on, by the clock', async () => {
  const began = performance.now()
  const speedAt = meter({ kind: 'started', step: 40, totalSteps: 100, tokensPerEpoch: 1_000 }, 10)
  expect([speedAt(10), speedAt(40)]).toEqual([null, null])
  await pause(20)
  // 60 steps of 100 tokens in at least 20 ms, and in no more than has passed by now.
  const speed = speedAt(100) ?? 0
  const passed = performance.now() - began
  expect(speed).toBeLessThanOrEqual(6_000 / 0.019)
  expect(speed).toBeGreaterThanOrEqual((6_000 / passed) * 1000)
})
