/**
 * What "auto" means. Rules for epochs and batch size are the ones OpenAI's service is observed to follow;
 * the learning rates are our own measurement (tests/bench/learning-rate.ts).
 */

export type Method = 'full' | 'lora'

/** Absolute AdamW peak rate at a learning-rate multiplier of 1. */
export const baseLearningRate: Record<Method, number> = { full: 1e-3, lora: 3e-3 }

/** Adapters of automatic size: every projection, scale alpha / rank = 2. */
export const automaticLora = { rank: 16, alpha: 32 }

/** Models above this many parameters train an adapter unless told otherwise: full training needs 16 bytes for each. */
const FULL_LIMIT = 50e6

export const automaticMethod = (parameters: number): Method => (parameters > FULL_LIMIT ? 'lora' : 'full')

/** Three epochs, more for tiny files (at least ~100 examples seen), fewer for huge ones (at most ~25,000 seen). */
export function automaticEpochs(examples: number): number {
  if (examples * 3 < 100) return Math.min(25, Math.max(1, Math.floor(100 / Math.max(1, examples))))
  if (examples * 3 > 25_000) return Math.max(1, Math.floor(25_000 / examples))
  return 3
}

/** About 0.2 % of the examples, from 1 to 256. */
export function automaticBatchSize(examples: number): number {
  return Math.min(256, Math.max(1, Math.round(examples * 0.002)))
}
