import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { meter } from '#lib/engine/throughput.ts'

test('the speed of a run is what it read since it went on, by the clock', async () => {
  const began = performance.now()
  const speed = meter({ kind: 'started', step: 40, totalSteps: 100, tokensPerEpoch: 1_000 }, 10)
  expect([speed.at(10), speed.at(40)]).toEqual([null, null])
  await pause(20)
  // 60 steps of 100 tokens in at least 20 ms, and in no more than has passed by now.
  const found = speed.at(100) ?? 0
  const passed = performance.now() - began
  expect(found).toBeLessThanOrEqual(6_000 / 0.019)
  expect(found).toBeGreaterThanOrEqual((6_000 / passed) * 1000)
})

test('time of validation is not time of training', async () => {
  const began = performance.now()
  const speed = meter({ kind: 'started', step: 0, totalSteps: 10, tokensPerEpoch: 1_000 }, 1)
  await pause(40)
  speed.note({ validationSeconds: 0.01 })
  speed.note({ validationSeconds: 0.02 })
  const found = speed.at(10) ?? 0
  expect(found).toBeGreaterThanOrEqual(1_000_000 / (performance.now() - began - 30))
  expect(found).toBeLessThanOrEqual(1_000_000 / (39 - 30))
})
