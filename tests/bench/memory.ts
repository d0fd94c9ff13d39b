/**
 * Peak memory of a training step against the estimate of lib/engine/memory.ts, each in a process of its own.
 * node tests/bench/memory.ts FOLDER [lora|full] [answers|pairs] [tokens …]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { gigabytes, trainingMemory } from '#lib/engine/memory.ts'
import { loraOf, type Method } from '#lib/engine/model/defaults.ts'
import { initLora } from '#lib/engine/model/lora.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { mergedWeights } from '#lib/engine/model/model-folder.ts'
import { prepareUpdates, update } from '#lib/engine/model/optimizer.ts'
import { logProbsOf, preferenceStep } from '#lib/engine/model/preference.ts'
import {
  openTrainStep,
  type TrainableModel,
  trainable,
  validatedAtOnce,
} from '#lib/engine/model/train-step.ts'
import { bytesFor } from '#lib/training-data/memory.ts'

const [base = 'lib/engine/base', method = 'lora', rows = 'answers', ...lengths] = process.argv.slice(2) as [
  string,
  Method,
  'answers' | 'pairs',
  ...string[],
]
const architecture = readModelConfig(base)

async function step(tokens: number): Promise<void> {
  const weights = await mergedWeights(base)
  const lora = loraOf(method)
  const { parameters, optimizer, ...into } = prepareUpdates(lora ? initLora(architecture, lora, 1) : weights)
  const model = { architecture, ...trainable(weights, lora, parameters) }
  const open = (trained: TrainableModel) =>
    openTrainStep(trained, 2, validatedAtOnce(architecture, tokens), into.gradients)
  const ids = Int32Array.from({ length: tokens }, (_, at) => at % architecture.vocabulary)
  const sample = () => ({ ids, weights: new Float32Array(tokens).fill(1) })
  const learn = rows === 'pairs' ? await onPair() : onAnswer()

  function onAnswer() {
    const trainStep = open(model)
    return () => trainStep.forwardBackward([sample()])
  }
  async function onPair() {
    const pairs = [{ chosen: sample(), rejected: sample() }]
    const start = open({ ...model, adapter: null })
    const reference = await logProbsOf(start, pairs)
    await start.close()
    const trainStep = open(model)
    return () => preferenceStep(trainStep, pairs, reference, 0.1)
  }

  for (const _ of [1, 2]) {
    const { gradients } = await learn()
    if (gradients) update(parameters, gradients, optimizer, { learningRate: 1e-6 })
  }
  process.send?.(process.resourceUsage().maxRSS * 1024)
}

if (process.send) {
  await step(Number(lengths[0]))
  process.disconnect?.()
} else {
  for (const tokens of lengths.length > 0 ? lengths : ['32', '128', '512', '1024']) {
    const child = fork(fileURLToPath(import.meta.url), [base, method, rows, tokens])
    const [peak] = (await once(child, 'message')) as [number]
    const estimate = bytesFor(
      trainingMemory(architecture, method, rows === 'pairs' ? 'dpo' : 'supervised'),
      Number(tokens),
    )
    const share = ((estimate / peak - 1) * 100).toFixed(0)
    console.log(
      `${method}, ${rows} of ${tokens} tokens: peak ${gigabytes(peak)}, estimate ${gigabytes(estimate)} (${share} %)`,
    )
  }
}
