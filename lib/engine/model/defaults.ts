/**
 * What "auto" means for the learning rate and the method; the rates are our own measurement
 * (tests/bench/learning-rate.ts). Epochs and batch size follow lib/examples/plan.ts, which the form reads too.
 */

export type Method = 'full' | 'lora'

/** Parameters above which a model counts as big: full training needs 16 bytes for each of them. */
const BIG = 50e6

/**
 * Peak rates for models of the shipped base's size, chosen with tests/bench/learning-rate.ts: ten limericks, all values
 * automatic, seeds 1–3, greedy answers about 29–30 unseen elements a seed. Two files were tried: another set of ten (A)
 * and the first ten of ours (B). Answers in five parts / that start with the right name:
 *
 *   full   3e-4        5e-4        7e-4        1e-3        1.5e-3      2e-3
 *     A    59/87 of 87 82/87                   80/87       85/84       87/63
 *     B                            85/90 of 90 89/89       87/77       89/63
 *   lora   2e-3        3e-3        5e-3        8e-3
 *     A    24/87       67/87       72/87       69/88
 *     B    54/90       56/90       63/88       72/87
 */
const SMALL_RATE: Record<Method, number> = { full: 1e-3, lora: 5e-3 }

/** What is customary for models from 100 million parameters on; not measured by us. */
const BIG_RATE: Record<Method, number> = { full: 2e-5, lora: 2e-4 }

/** Absolute peak learning rate at a multiplier of 1. */
export const automaticLearningRate = (method: Method, parameters: number): number =>
  (parameters > BIG ? BIG_RATE : SMALL_RATE)[method]

/** Adapters of automatic size: every projection, scale alpha / rank = 2. */
export const automaticLora = { rank: 16, alpha: 32 }

export const automaticMethod = (parameters: number): Method => (parameters > BIG ? 'lora' : 'full')
