import { createRandom, shuffled } from '#lib/core/random.ts'
import { type Architecture, parameterCount } from './architecture.ts'
import type { Sample } from './conversation.ts'

/** Micro-batch size in tokens. Small models gain a third from batching; large ones gain nothing and need the memory. */
export const BATCHED = 512
export const isSmall = (a: Architecture): boolean => parameterCount(a) < 20e6

/** The rows of each training step. A pure function of its arguments: to resume, a job needs only the step. */
export interface Plan {
  stepsPerEpoch: number
  totalSteps: number
  /** Zero-based rows of step 1 … totalSteps. */
  rows(step: number): number[]
  /** One-based epoch of a step. */
  epoch(step: number): number
  endsEpoch(step: number): boolean
}

/** Every epoch reads all rows once, in a new random order; the last batch of an epoch may be smaller. */
export function planBatches(
  count: number,
  { batchSize, epochs, seed }: { batchSize: number; epochs: number; seed: number },
): Plan {
  const stepsPerEpoch = Math.ceil(count / batchSize)
  const epoch = (step: number) => Math.ceil(step / stepsPerEpoch)
  let known = { epoch: 0, order: [] as number[] }
  const order = (of: number) => {
    if (known.epoch !== of) known = { epoch: of, order: shuffled(count, createRandom(epochSeed(seed, of))) }
    return known.order
  }
  return {
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * epochs,
    epoch,
    endsEpoch: (step) => step % stepsPerEpoch === 0,
    rows: (step) => {
      const first = ((step - 1) % stepsPerEpoch) * batchSize
      return order(epoch(step)).slice(first, first + batchSize)
    },
  }
}

/** Avoids `seed + epoch`, with which neighbouring seeds would share orders one epoch apart. */
const epochSeed = (seed: number, epoch: number) =>
  Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(epoch, 0xc2b2ae35)

export function weightSum(batch: readonly Sample[]): number {
  let sum = 0
  for (const { weights } of batch) for (let t = 1; t < weights.length; t++) sum += weights[t] ?? 0
  return sum
}

/**
 * Splits a batch into micro-batches that fit into memory. Samples without any weight are skipped: they have no loss.
 * @param tokens per micro-batch, including padding; a longer sample gets a micro-batch to itself
 */
export function microBatches(batch: readonly Sample[], tokens: number): Sample[][] {
  const useful = batch.filter((sample) => weightSum([sample]) > 0)
  const longest = Math.max(1, ...useful.map((sample) => sample.ids.length))
  const size = Math.min(8, Math.max(1, Math.floor(tokens / longest)))
  return Array.from({ length: Math.ceil(useful.length / size) }, (_, i) =>
    useful.slice(i * size, (i + 1) * size),
  )
}
