import { expect, it } from 'vitest'
import { planBatches } from '#lib/engine/model/batches.ts'
import { automaticLearningRate, automaticMethod } from '#lib/engine/model/defaults.ts'
import { scheduled } from '#lib/engine/model/optimizer.ts'
import { small } from './small-model.ts'

it('trains small models whole and big ones by adapter', () => {
  expect([2.8e6, 135e6].map(automaticMethod)).toEqual(['full', 'lora'])
})

it('teaches a wider model more slowly, and all of its weights a fifteenth as fast as an adapter', () => {
  const wide = (hidden: number) => ({
    ...small,
    hidden,
    intermediate: 4 * hidden,
    layers: 30,
    vocabulary: 49152,
  })
  expect(automaticLearningRate('lora', wide(576))).toBeCloseTo(1.98e-3, 5)
  expect(automaticLearningRate('full', wide(576))).toBeCloseTo(1.32e-4, 6)
  expect(automaticLearningRate('lora', wide(2048))).toBeCloseTo(7.36e-4, 5)
  expect(automaticLearningRate('full', small)).toBe(5e-4)
})

it('reads every row once an epoch, in another order each time and with each seed', () => {
  const plan = planBatches(10, { batchSize: 3, epochs: 2, seed: 1 })
  expect([plan.stepsPerEpoch, plan.totalSteps]).toEqual([4, 8])
  const epoch = (of: typeof plan, first: number) => [0, 1, 2, 3].flatMap((i) => of.rows(first + i))
  expect(epoch(plan, 1).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(plan.rows(4)).toHaveLength(1)
  expect(epoch(plan, 1)).not.toEqual(epoch(plan, 5))
  expect(epoch(plan, 1)).not.toEqual(epoch(planBatches(10, { batchSize: 3, epochs: 2, seed: 2 }), 1))
  expect([1, 4, 5, 8].map((step) => [plan.epoch(step), plan.endsEpoch(step)])).toEqual([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
  ])
})

it('warms up for some steps, a fifth of all at most, then falls to nothing', () => {
  const rates = [1, 5, 51, 100].map((step) => scheduled(1, step, 100, 5))
  expect(rates).toEqual([0.2, 0.96, 0.5, expect.closeTo(0.01)])
  expect([1, 2, 10].map((step) => scheduled(1, step, 10, 20))).toEqual([0.5, 0.9, expect.closeTo(0.1)])
})
