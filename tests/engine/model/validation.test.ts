/** When a training is validated, and on how much. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StepMetrics, TrainOrder } from '#lib/engine/worker/protocol.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { writeBigModel, writeByteModel } from './small-model.ts'

let folder: string
const inside = (name: string) => path.join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-validation-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const rows = (count: number, first: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: 'count' },
        { role: 'assistant', content: `number ${first + index}` },
      ],
    }),
  ).join('\n')

/** The metrics of every step, from the first. */
async function metricsOf(
  training: number,
  validation: number,
  rest: Partial<TrainOrder> = {},
): Promise<StepMetrics[]> {
  writeFileSync(inside('training.jsonl'), rows(training, 100))
  writeFileSync(inside('validation.jsonl'), rows(validation, 500))
  const order: TrainOrder = {
    ...{
      kind: 'train',
      base: inside('base'),
      folder: inside('run'),
      method: 'lora',
      epochs: 2,
      batchSize: 1,
    },
    ...{ training: inside('training.jsonl'), validation: inside('validation.jsonl') },
    ...{
      learningRate: 1e-3,
      seed: 7,
      date: 0,
      threads: 1,
      memoryLimit: null,
      patience: null,
      preference: null,
      weightDecay: 0,
      ...rest,
    },
  }
  const found: StepMetrics[] = []
  for await (const report of train(order, new AbortController().signal))
    if (report.kind === 'step') found.push(report.metrics)
  return found
}

const steps = (metrics: StepMetrics[], name: keyof StepMetrics) =>
  metrics.flatMap((own, index) => (own[name] === undefined ? [] : [index + 1]))

it('measures the whole file at each end of an epoch, and a few rows every quarter where that costs little', async () => {
  writeByteModel(inside('base'), 3)
  const metrics = await metricsOf(80, 4)
  expect(steps(metrics, 'validLoss')).toEqual([20, 40, 60, 80, 100, 120, 140, 160])
  expect(steps(metrics, 'fullValidLoss')).toEqual([80, 160])
  expect(metrics[79]?.validLoss).toBe(metrics[79]?.fullValidLoss)
})

it('measures nothing between the ends of epochs where it would cost much', async () => {
  writeByteModel(inside('base'), 3)
  const metrics = await metricsOf(8, 4)
  expect(steps(metrics, 'validLoss')).toEqual([8, 16])
  expect(steps(metrics, 'fullValidLoss')).toEqual([8, 16])
})

it('rations the whole file for a large model, counted back from the last epoch', {
  timeout: 60_000,
}, async () => {
  writeBigModel(inside('base'))
  const metrics = await metricsOf(2, 1, { epochs: 3 })
  expect(steps(metrics, 'fullValidLoss')).toEqual([2, 6])
  expect(steps(metrics, 'validLoss')).toEqual([2, 6])
})
