/** Gradients against central finite differences, on random entries of every trained tensor. */
import { expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import type { Sample } from '#lib/engine/model/conversation.ts'
import { initLora, projections } from '#lib/engine/model/lora.ts'
import type { Tensors } from '#lib/engine/model/tensors.ts'
import { openTrainStep, type Prediction } from '#lib/engine/model/train-step.ts'
import { randomize, randomSamples, randomWeights, small } from './small-model.ts'

const STEP = 1e-2
const ENTRIES = 6

/** The loss once more, summed in float64: a float32 loss of 5 has steps of 5e-7, which differences would show. */
function meanLoss(batch: Sample[], { logProbs }: Prediction): number {
  const weights = batch
    .flatMap((sample) => Array.from(sample.weights).slice(1))
    .filter((weight) => weight > 0)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return -logProbs.reduce((total, logProb, i) => total + logProb * (weights[i] as number), 0) / sum
}

it.each(['full', 'lora'] as const)('%s', async (method) => {
  const weights = randomWeights(small, 5)
  const lora = { rank: 4, alpha: 8, targets: projections }
  const adapter = method === 'lora' ? { lora, factors: randomize(initLora(small, lora, 2), 9, 0.2) } : null
  const trainStep = openTrainStep({ architecture: small, weights, adapter }, 1)
  const batch = randomSamples(small, 9, [13, 11, 9])
  const { gradients } = await trainStep.forwardBackward(batch)
  const found: Tensors = new Map(structuredClone([...(gradients as Tensors)])) // the next call overwrites them
  const random = createRandom(4)

  for (const [name, { data: gradient }] of found) {
    const parameter = (adapter?.factors ?? weights).get(name)?.data as Float32Array
    const rms = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / gradient.length) + 1e-6
    const lossAt = async (index: number, value: number) => {
      const kept = parameter[index] as number
      parameter[index] = value
      const at = parameter[index] as number // as float32 holds it
      const loss = meanLoss(batch, await trainStep.predict(batch))
      parameter[index] = kept
      return { loss, at }
    }
    const slope = async (index: number, step: number) => {
      const right = await lossAt(index, (parameter[index] as number) + step)
      const left = await lossAt(index, (parameter[index] as number) - step)
      return (right.loss - left.loss) / (right.at - left.at)
    }
    for (let entry = 0; entry < ENTRIES; entry++) {
      const index = Math.floor(random() * parameter.length)
      const analytic = gradient[index] as number
      // Richardson: the curvature's share of two central differences cancels out.
      const numeric = (4 * (await slope(index, STEP)) - (await slope(index, 2 * STEP))) / 3
      const error = Math.abs(numeric - analytic) / (Math.abs(numeric) + Math.abs(analytic) + rms)
      expect(error, `${name}[${index}]: ${numeric} against ${analytic}`).toBeLessThanOrEqual(3e-3)
    }
  }
  await trainStep.close()
})

it('does not depend on how a batch is cut into runs', async () => {
  const trainStep = openTrainStep({ architecture: small, weights: randomWeights(small, 5), adapter: null }, 1)
  const batch = randomSamples(small, 3, [20, 9, 12, 30, 8, 16, 21, 9, 10, 25, 14]) // runs of eight and three
  const { prediction, gradients } = await trainStep.forwardBackward(batch)
  const whole = new Map(structuredClone([...(gradients as Tensors)]))
  const parts: { loss: number; weight: number; gradients: Tensors }[] = []
  for (const sample of batch) {
    const { prediction, gradients } = await trainStep.forwardBackward([sample])
    const weight = Array.from(sample.weights).reduce((sum, value) => sum + value, 0)
    parts.push({
      loss: prediction.loss ?? Number.NaN,
      weight,
      gradients: new Map(structuredClone([...(gradients as Tensors)])),
    })
  }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const mean = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part) => sum + of(part) * part.weight, 0) / total
  expect(prediction.loss).toBeCloseTo(
    mean(({ loss }) => loss),
    5,
  )
  for (const [name, { data }] of whole)
    for (let index = 0; index < data.length; index += 97)
      expect(data[index]).toBeCloseTo(
        mean(({ gradients }) => gradients.get(name)?.data[index] as number),
        5,
      )
  await trainStep.close()
})

it('learns nothing from a batch without weights', async () => {
  const trainStep = openTrainStep({ architecture: small, weights: randomWeights(small, 5), adapter: null }, 1)
  const [sample] = randomSamples(small, 1, [9])
  const { prediction, gradients } = await trainStep.forwardBackward([
    { ids: sample?.ids ?? [], weights: new Array(9).fill(0) },
  ])
  expect(prediction).toMatchObject({ loss: null, accuracy: null, tokens: 0 })
  expect(gradients).toBeNull()
})
