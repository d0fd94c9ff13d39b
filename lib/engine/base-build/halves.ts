import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Architecture } from '../model/architecture.ts'
import type { SharedState } from './adamw.ts'
import type { HalfOrder, Learnt, Reply, Request } from './half.ts'
import { type Recipe, rateOf } from './recipe.ts'

/** Their gradients are added in this order whatever the machine, so the sums are always the same. */
const HALVES = [0, 1] as const

const ENTRY = fileURLToPath(new URL('half.ts', import.meta.url))

/** What a step has learnt. */
export interface StepResult {
  /** Weighted mean of −log p. */
  loss: number
  accuracy: number
  tokens: number
}

export interface Halves {
  /** Takes one step; `step` counts from 1. */
  train(step: number): Promise<StepResult>
  /** Computes a step without taking it, to measure the time. */
  rehearse(step: number): Promise<void>
  close(): Promise<void>
}

interface Opened {
  seed: number
  folder: string
  recipe: Recipe
  architecture: Architecture
  state: SharedState
}

/** A thread that answers one request at a time. */
function openHalf(workerData: HalfOrder) {
  const worker = new Worker(ENTRY, { workerData, execArgv: ['--conditions=react-server'] })
  let waiting = Promise.withResolvers<Reply>()
  worker.on('message', (reply: Reply) => waiting.resolve(reply))
  worker.on('error', (error) => waiting.reject(error))
  worker.on('exit', () => waiting.reject(new Error('a thread of the build has ended')))
  const ask = (request: Request): Promise<Reply> => {
    waiting = Promise.withResolvers()
    worker.postMessage(request)
    return waiting.promise
  }
  return { ask, close: () => worker.terminate() }
}

const total = (learnt: readonly Learnt[], of: (one: Learnt) => number): number =>
  learnt.reduce((sum, one) => sum + of(one), 0)

function resultOf(learnt: readonly Learnt[]): StepResult & { weight: number } {
  const weight = total(learnt, (one) => one.weight)
  return {
    weight,
    loss: total(learnt, (one) => one.loss) / weight,
    accuracy: total(learnt, (one) => one.hits) / total(learnt, (one) => one.predicted),
    tokens: total(learnt, (one) => one.tokens),
  }
}

export function openHalves(opened: Opened): Halves {
  const { recipe, state } = opened
  const size = state.weights.length
  const middle = Math.floor(size / 2)
  const ranges = [
    { from: 0, to: middle },
    { from: middle, to: size },
  ] as const
  const workers = HALVES.map((half) => openHalf({ ...opened, half, range: ranges[half] }))
  const askAll = (request: Request) => Promise.all(workers.map(({ ask }) => ask(request)))
  const learn = async (step: number) => {
    const replies = await askAll({ kind: 'learn', step })
    return resultOf(replies.flatMap(({ learnt }) => (learnt ? [learnt] : [])))
  }
  return {
    async train(step) {
      const { weight, ...result } = await learn(step)
      const replies = await askAll({ kind: 'add', weight })
      const norm = Math.sqrt(replies.reduce((sum, { squares = 0 }) => sum + squares, 0))
      const scale = Math.min(1, recipe.clip / (norm + 1e-6))
      await askAll({ kind: 'update', step, rate: rateOf(recipe, step), decay: recipe.decay, scale })
      return result
    },
    async rehearse(step) {
      await learn(step)
    },
    async close() {
      await Promise.all(workers.map(({ close }) => close()))
    },
  }
}
