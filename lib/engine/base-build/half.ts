/**
 * A thread that learns one half of every step and updates one half of the weights. Two of these with one core each are
 * faster than one session with two: small matrices keep no second core busy.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Range } from '../model/adamw.ts'
import { type Architecture, weightShapes } from '../model/architecture.ts'
import { weightSum } from '../model/batches.ts'
import { type Tensors, tensor, zeros } from '../model/tensors.ts'
import { readTokenizer } from '../model/tokenizer.ts'
import { openTrainStep } from '../model/train-step.ts'
import { addUp, partsOf, type SharedState, type Update, updateParts } from './adamw.ts'
import type { Recipe } from './recipe.ts'
import { openSamples } from './samples.ts'

export interface HalfOrder {
  half: 0 | 1
  seed: number
  /** Holds the tokenizer. */
  folder: string
  recipe: Recipe
  architecture: Architecture
  state: SharedState
  range: Range
}

export type Request =
  | { kind: 'learn'; step: number }
  | { kind: 'add'; weight: number }
  | ({ kind: 'update' } & Update)

/** Sums over the tokens of a half. */
export interface Learnt {
  weight: number
  loss: number
  hits: number
  /** Tokens read, and those that were predicted. */
  tokens: number
  predicted: number
}

export interface Reply {
  learnt?: Learnt
  squares?: number
}

const order = workerData as HalfOrder
const { state, architecture, recipe, range, half } = order
const shapes = weightShapes(architecture)
const parts = partsOf(shapes, range)
const tokenizer = readTokenizer(order.folder)
const samples = openSamples(tokenizer, architecture.vocabulary, recipe, order)
// ONNX Runtime gets copies: it does not accept shared memory as feeds.
const weights: Tensors = new Map(shapes.map(([name, shape]) => [name, zeros(shape)]))
const trainStep = openTrainStep({ architecture, weights, adapter: null }, 1)

function readWeights(): void {
  let at = 0
  for (const { data } of weights.values()) {
    data.set(state.weights.subarray(at, at + data.length))
    at += data.length
  }
}

/** Adds a micro-batch's gradients times its weight to this half's. */
function keep(gradients: Tensors, weight: number, first: boolean): void {
  const into = state.gradients[half]
  let at = 0
  for (const [name] of shapes) {
    const { data } = tensor(gradients, name)
    if (first) for (let i = 0; i < data.length; i++) into[at + i] = (data[i] as number) * weight
    else
      for (let i = 0; i < data.length; i++)
        into[at + i] = (into[at + i] as number) + (data[i] as number) * weight
    at += data.length
  }
}

async function learn(step: number): Promise<Learnt> {
  readWeights()
  const sum: Learnt = { weight: 0, loss: 0, hits: 0, tokens: 0, predicted: 0 }
  for (const [index, group] of samples.groupsAt(step).entries()) {
    const { prediction, gradients } = await trainStep.forwardBackward(group)
    const weight = weightSum(group)
    if (gradients) keep(gradients, weight, index === 0)
    sum.weight += weight
    sum.loss += (prediction.loss ?? 0) * weight
    sum.hits += (prediction.accuracy ?? 0) * prediction.tokens
    sum.predicted += prediction.tokens
    sum.tokens += group.reduce((tokens, { ids }) => tokens + ids.length, 0)
  }
  return sum
}

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'learn') return { learnt: await learn(request.step) }
  if (request.kind === 'add') return { squares: addUp(state, range, request.weight) }
  updateParts(state, parts, request)
  return {}
}

parentPort?.on('message', async (request: Request) => parentPort?.postMessage(await answer(request)))
