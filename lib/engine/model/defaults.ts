/**
 * What "auto" means for the learning rate and the method; the rates are our own measurement
 * (tests/bench/learning-rate.ts). Epochs and batch size follow lib/training-data/plan.ts, which the form reads too.
 */

import { type Architecture, parameterCount } from './architecture.ts'

export type Method = 'full' | 'lora'

/** Parameters above which a model counts as big: full training needs 16 bytes for each of them. */
const BIG = 50e6

/**
 * Peak rates for models of the shipped base's size: ten short rows in one pattern, ten epochs, greedy answers to forty
 * unseen questions, seeds 1, 2, 3. Answers with the parts of a row / with its sounds too:
 *
 *   full   5e-4              7e-4              8.5e-4            1e-3              1.5e-3
 *          39 39 40/21 29 21 40 40 40/31 18 29 39 39 39/26 26 27 38 40 40/20 29 28 35 40 40/16 29 30
 *
 * A lower rate keeps more facts, a higher one more form.
 *
 * By adapter, on the first sample at temperature 0.4; answers in form / with right facts only, seeds 1, 2, 3 as far
 * as they were run:
 *
 *   lora   1e-3     2e-3           3e-3           5e-3     1e-2
 *          36/40    40/40 40/40    -  40/38 40/39 40/39    39/34
 */
const SMALL_RATE: Record<Method, number> = { full: 8.5e-4, lora: 2e-3 }

/**
 * By adapter, the best rate falls with the width of a model: 5e-4 · (2000 / hidden)^0.78 (Schulman et al. 2025, LoRA
 * Without Regret, and the rule of their cookbook for Llama). For SmolLM2-135M, 576 wide, it says 1.3e-3; measured on it,
 * 1e-3 gives 33 to 38 of 40 answers in form and 2e-3 37 to 39, 2e-4 only 24. Full training wants a tenth of it (the same
 * source): 1.3e-4, where 1e-4 gives 38 of 40.
 */
const bigRate = (method: Method, hidden: number): number =>
  5e-4 * (2000 / hidden) ** 0.78 * (method === 'full' ? 0.1 : 1)

/** Absolute peak learning rate at a multiplier of 1. */
export const automaticLearningRate = (method: Method, architecture: Architecture): number =>
  parameterCount(architecture) > BIG ? bigRate(method, architecture.hidden) : SMALL_RATE[method]

/** Adapters of automatic size: every projection, scale alpha / rank = 2. */
export const automaticLora = { rank: 16, alpha: 32 }

export const automaticMethod = (parameters: number): Method => (parameters > BIG ? 'lora' : 'full')
