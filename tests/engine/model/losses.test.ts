/** What each row of a batch contributes: the same as if it were learnt alone. */
import { expect, test } from 'vitest'
import { weightSum } from '#lib/engine/model/batches.ts'
import { openTrainStep } from '#lib/engine/model/train-step.ts'
import { randomSamples, randomWeights, small } from './small-model.ts'

test('the losses of a batch are those of its samples alone, in their places', async () => {
  const trainStep = openTrainStep({ architecture: small, weights: randomWeights(small, 5), adapter: null }, 1)
  const [first, second, third] = randomSamples(small, 9, [13, 11, 9])
  if (!first || !second || !third) throw new Error('three samples were asked for')
  const untrained = { ...second, weights: Array.from(second.weights, () => 0) }
  const batch = [first, untrained, third]

  const { prediction } = await trainStep.forwardBackward(batch)
  const alone = await Promise.all([first, third].map((sample) => trainStep.predict([sample])))
  const [a, none, c] = prediction.losses
  expect(none).toBeNull()
  expect(a).toBeCloseTo(alone[0]?.loss ?? Number.NaN, 4)
  expect(c).toBeCloseTo(alone[1]?.loss ?? Number.NaN, 4)

  const total = weightSum(batch)
  const mean = ((a ?? 0) * weightSum([first]) + (c ?? 0) * weightSum([third])) / total
  expect(prediction.loss).toBeCloseTo(mean, 4)
  await trainStep.close()
})
