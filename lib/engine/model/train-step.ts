import type { Tensor } from 'onnxruntime-node'
import type { Architecture } from './architecture.ts'
import { BATCHED, isSmall, microBatches, weightSum } from './batches.ts'
import type { Sample } from './conversation.ts'
import { gradientOf, trainingGraph } from './llama.ts'
import type { Lora } from './lora.ts'
import {
  type Feeds,
  floats,
  ids,
  maskFeeds,
  openSession,
  type Session,
  tableFeeds,
  weightFeeds,
} from './session.ts'
import { type Tensors, tensor, upTo, zeros, zerosLike } from './tensors.ts'

/** Loss and accuracy of a batch. */
export interface Prediction {
  /** Weighted mean of −log p(token); null if no token carries a weight. */
  loss: number | null
  /** Share of weighted tokens where the model's most likely token is correct; null if there are none. */
  accuracy: number | null
  /** Number of tokens that carry a weight. */
  tokens: number
  /** log p of each of those tokens, in order. */
  logProbs: number[]
  /** The loss of each sample, [batch]; null if none of its tokens carries a weight. */
  losses: (number | null)[]
}

/** The weight with which a token of a sample counts in the loss, from its own weight; may be negative. */
type Weigh = (weight: number, sample: Sample) => number

export interface TrainStep {
  /**
   * Loss and gradients, which stay valid until the next call; null if no token carries a weight.
   * @param weigh by default, weights are divided by their sum: the loss is a mean
   */
  forwardBackward(
    batch: readonly Sample[],
    weigh?: Weigh,
  ): Promise<{ prediction: Prediction; gradients: Tensors | null }>
  /** The forward pass only. */
  predict(batch: readonly Sample[]): Promise<Prediction>
  close(): Promise<void>
}

export interface TrainableModel {
  architecture: Architecture
  weights: Tensors
  /** With an adapter, trains its factors; without one, trains every weight. */
  adapter: { lora: Lora; factors: Tensors } | null
}

/** A model of which `parameters` are trained: the factors of an adapter, or every weight. */
export const trainable = (weights: Tensors, lora: Lora | null, parameters: Tensors) =>
  lora ? { weights, adapter: { lora, factors: parameters } } : { weights: parameters, adapter: null }

const trainedAtOnce = (a: Architecture) => (isSmall(a) ? BATCHED : 1)

/**
 * Micro-batch size of validation. Large models gain a fifth from batching here, and two rows without activations to
 * keep need less memory than a training step of one.
 * @param longest training row, in tokens
 */
export const validatedAtOnce = (a: Architecture, longest: number): number =>
  isSmall(a) ? BATCHED : Math.min(BATCHED, 2 * longest)

/**
 * Computes losses and gradients. The caller owns the tensors: the next call sees the caller's changes.
 * @param predicted micro-batch size of `predict` in tokens
 * @param share takes the gradients of one micro-batch
 */
export function openTrainStep(
  { architecture, weights, adapter }: TrainableModel,
  threads: number,
  predicted = trainedAtOnce(architecture),
  share: Tensors = zerosLike(adapter?.factors ?? weights),
): TrainStep {
  const lora = adapter?.lora ?? null
  const fixed = weightFeeds(weights, ...(adapter ? [adapter.factors] : []))
  const sessions = new Map<string, Promise<Session>>()
  const sum: Tensors = new Map() // sum over micro-batches, allocated on first use

  const session = (batch: number, gradients: boolean): Promise<Session> => {
    const key = `${batch} ${gradients}`
    const opened =
      sessions.get(key) ?? openSession(trainingGraph(architecture, batch, lora, gradients), threads)
    sessions.set(key, opened)
    return opened
  }

  /** `weigh` is that of the whole batch, so losses and gradients of micro-batches simply add up. */
  async function run(part: readonly Sample[], weigh: Weigh, gradients: boolean): Promise<Prediction> {
    const { feeds, targets } = sampleFeeds(architecture, part, weigh)
    const fetches: Record<string, Tensor | null> = { loss: null, logProb: null, argmax: null }
    if (gradients)
      for (const [name, { data, shape }] of share) fetches[gradientOf(name)] = floats(data, shape)
    const found = await (await session(part.length, gradients)).run({ ...fixed, ...feeds }, fetches)
    return readPrediction(found as Feeds, targets, part)
  }

  return {
    async forwardBackward(batch, weigh = meanOf(batch)) {
      if (weightSum(batch) === 0) return { prediction: nothing(batch), gradients: null }
      const predictions: Prediction[] = []
      const parts = microBatches(batch, trainedAtOnce(architecture))
      for (const [index, part] of parts.entries()) {
        predictions.push(await run(part, weigh, true))
        if (parts.length > 1) accumulate(sum, share, index === 0)
      }
      return { prediction: combine(predictions, batch), gradients: parts.length > 1 ? sum : share }
    },
    async predict(batch) {
      if (weightSum(batch) === 0) return nothing(batch)
      const weigh = meanOf(batch)
      const predictions: Prediction[] = []
      for (const part of microBatches(batch, predicted)) predictions.push(await run(part, weigh, false))
      return combine(predictions, batch)
    },
    async close() {
      for (const opened of sessions.values()) await (await opened).release()
      sessions.clear()
    },
  }
}

/** Weights that make the loss of a batch its mean. */
function meanOf(batch: readonly Sample[]): Weigh {
  const total = weightSum(batch)
  return (weight) => weight / total
}

const nothing = (batch: readonly Sample[]): Prediction => ({
  loss: null,
  accuracy: null,
  tokens: 0,
  logProbs: [],
  losses: batch.map(() => null),
})

/** Position t predicts token t + 1; shorter samples are padded at the end, where no earlier position attends. */
function sampleFeeds(a: Architecture, part: readonly Sample[], weigh: Weigh) {
  const time = Math.max(...part.map((sample) => sample.ids.length)) - 1
  const tokens = new Array<number>(part.length * time).fill(0)
  const rows: number[] = []
  const targets: number[] = []
  const weights: number[] = []
  part.forEach((sample, index) => {
    for (let t = 0; t + 1 < sample.ids.length; t++) {
      const row = index * time + t
      const weight = sample.weights[t + 1] ?? 0
      tokens[row] = sample.ids[t] ?? 0
      if (weight === 0) continue
      rows.push(row)
      targets.push(sample.ids[t + 1] ?? 0)
      weights.push(weigh(weight, sample))
    }
  })
  const column = [rows.length, 1]
  const feeds: Feeds = {
    ...tableFeeds(a, upTo(time)),
    positions: ids(
      part.flatMap(() => upTo(time)),
      [part.length, time],
    ),
    ...maskFeeds(a, time),
    ids: ids(tokens),
    rows: ids(rows),
    targets: ids(targets, column),
    weights: floats(Float32Array.from(weights), column),
  }
  return { feeds, targets }
}

/** Weighted mean of −log p per sample; `logProbs` holds their weighted tokens, sample by sample. */
function ownLosses(part: readonly Sample[], logProbs: readonly number[]): number[] {
  let at = 0
  return part.map((sample) => {
    const weights = Array.from(sample.weights)
      .slice(1)
      .filter((weight) => weight > 0)
    const own = logProbs.slice(at, at + weights.length)
    at += weights.length
    return own.reduce((sum, logProb, i) => sum - logProb * (weights[i] ?? 0), 0) / weightSum([sample])
  })
}

function readPrediction(found: Feeds, targets: number[], part: readonly Sample[]): Prediction {
  const logProbs = [...((found.logProb as Tensor).data as Float32Array)]
  const choices = (found.argmax as Tensor).data as BigInt64Array
  const hits = targets.filter((target, index) => choices[index] === BigInt(target)).length
  return {
    loss: ((found.loss as Tensor).data as Float32Array)[0] ?? 0,
    accuracy: hits / targets.length,
    tokens: targets.length,
    logProbs,
    losses: ownLosses(part, logProbs),
  }
}

/** Samples without a weight are in no micro-batch; null takes their place. */
function combine(parts: readonly Prediction[], batch: readonly Sample[]): Prediction {
  const tokens = parts.reduce((sum, part) => sum + part.tokens, 0)
  const hits = parts.reduce((sum, part) => sum + (part.accuracy ?? 0) * part.tokens, 0)
  const losses = parts.flatMap((part) => part.losses)
  return {
    loss: parts.reduce((sum, part) => sum + (part.loss ?? 0), 0),
    accuracy: hits / tokens,
    tokens,
    logProbs: parts.flatMap((part) => part.logProbs),
    losses: batch.map((sample) => (weightSum([sample]) > 0 ? (losses.shift() ?? null) : null)),
  }
}

function accumulate(sum: Tensors, share: Tensors, first: boolean): void {
  for (const [name, { shape, data }] of share) {
    if (!sum.has(name)) sum.set(name, zeros(shape))
    const into = tensor(sum, name).data
    if (first) into.set(data)
    else for (let i = 0; i < data.length; i++) into[i] = (into[i] as number) + (data[i] as number)
  }
}
