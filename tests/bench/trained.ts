/** A model trained as a job trains it, and its answers as the engine gives them, both in this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parameterCount } from '#lib/engine/model/architecture.ts'
import { automaticLearningRate, automaticMethod, type Method } from '#lib/engine/model/defaults.ts'
import { readSamplingDefaults } from '#lib/engine/model/generation-config.ts'
import { readModelConfig } from '#lib/engine/model/model-config.ts'
import { createGenerator } from '#lib/engine/worker/generate.ts'
import { train } from '#lib/engine/worker/trainer.ts'
import { automaticBatchSize, automaticEpochs } from '#lib/training-data/plan.ts'

export interface Wish {
  /** Model folder. */
  base: string
  /** JSON Lines. */
  training: string
  validation?: string | null
  rows: number
  seed: number
  threads: number
  /** Automatic unless given. */
  method?: Method
  rate?: number
  epochs?: number
}

export interface Trained {
  /** Model folder, deleted by `discard`. */
  model: string
  method: Method
  rate: number
  epochs: number
  /** Mean training loss of the last ten steps. */
  loss: number
  /** Loss on the whole validation file at the ends of the epochs. */
  validLosses: number[]
  seconds: number
  discard(): void
}

function settingsOf({ base, rows, method, rate, epochs }: Wish) {
  const architecture = readModelConfig(base)
  const chosen = method ?? automaticMethod(parameterCount(architecture))
  return {
    method: chosen,
    learningRate: rate ?? automaticLearningRate(chosen, architecture),
    epochs: epochs ?? automaticEpochs(rows, 'engine').value,
    batchSize: automaticBatchSize(rows).value,
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

export async function trainModel(wish: Wish): Promise<Trained> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-bench-'))
  const settings = settingsOf(wish)
  const { base, training, validation = null, seed, threads } = wish
  const losses: number[] = []
  const validLosses: number[] = []
  let model = ''
  const began = performance.now()
  const order = {
    ...{ kind: 'train' as const, base, folder, training, validation },
    ...settings,
    ...{ seed, threads, date: 0, memoryLimit: null, patience: null, preference: null, weightDecay: 0 },
  }
  for await (const report of train(order, new AbortController().signal)) {
    if (report.kind === 'step') {
      losses.push(report.metrics.trainLoss ?? Number.NaN)
      if (report.metrics.fullValidLoss !== undefined) validLosses.push(report.metrics.fullValidLoss)
    }
    if (report.kind === 'checkpoint') model = report.folder
  }
  return {
    model,
    method: settings.method,
    rate: settings.learningRate,
    epochs: settings.epochs,
    loss: mean(losses.slice(-10)),
    validLosses,
    seconds: (performance.now() - began) / 1000,
    discard: () => rmSync(folder, { recursive: true }),
  }
}

export interface Question {
  system: string | null
  user: string
}

/** Answers of a model folder, with the top_p that it recommends; an answer's seed is its place. */
export function answersOf(
  model: string,
  questions: readonly Question[],
  { temperature, threads }: { temperature: number; threads: number },
): Promise<string[]> {
  const texts = questions.map(() => '')
  const { topP } = readSamplingDefaults(model)
  const { promise, resolve, reject } = Promise.withResolvers<string[]>()
  let left = texts.length
  const generator = createGenerator((report) => {
    if (report.kind === 'token') texts[Number(report.id)] += report.text
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind === 'finished' && --left === 0) resolve(texts)
  }, threads)
  questions.forEach(({ system, user }, seed) => {
    const messages = [
      ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user' as const, content: user },
    ]
    const sampling = { maxTokens: 120, temperature, topP, seed, stop: [], topLogprobs: null, exact: false }
    generator.start({ kind: 'generate', id: String(seed), model, messages, ...sampling })
  })
  return promise
}
