import { expectMemoryToTrain, trainingMemory } from '../memory.ts'
import { loraOf } from '../model/defaults.ts'
import { initLora } from '../model/lora.ts'
import { readModelConfig } from '../model/model-config.ts'
import { mergedWeights } from '../model/model-folder.ts'
import { prepareUpdates, update } from '../model/optimizer.ts'
import { openTrainStep, trainable } from '../model/train-step.ts'
import type { MeasureOrder } from './protocol.ts'

/** Length of the measured row in tokens: that of a short conversation. */
const TOKENS = 128

/**
 * Trains one row twice, as a job would, and throws the result away. The first step also prepares the graph, so that the
 * second is measured.
 * @returns tokens per second
 * @throws AppError `invalid` with code `out_of_memory`
 */
export async function measureStep({ base, method, threads, memoryLimit }: MeasureOrder): Promise<number> {
  const architecture = readModelConfig(base)
  const tokens = Math.min(TOKENS, architecture.context)
  expectMemoryToTrain({ memory: trainingMemory(architecture, method), tokens, limit: memoryLimit })
  const weights = await mergedWeights(base)
  const lora = loraOf(method)
  const { parameters, gradients, optimizer } = prepareUpdates(
    lora ? initLora(architecture, lora, 1) : weights,
  )
  const model = trainable(weights, lora, parameters)
  const step = openTrainStep({ architecture, ...model }, threads, undefined, gradients)
  const ids = Int32Array.from({ length: tokens }, (_, at) => at % architecture.vocabulary)
  const sample = { ids, weights: new Float32Array(tokens).fill(1) }
  let began = 0
  for (const _ of ['prepared', 'measured']) {
    began = performance.now()
    await step.forwardBackward([sample])
    update(parameters, gradients, optimizer, { learningRate: 1e-6 })
  }
  return (tokens * 1000) / (performance.now() - began)
}
