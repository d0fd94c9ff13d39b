/**
 * Automatic learning rate and method ("auto"); the rates come from our own measurements
 * (tests/bench/learning-rate.ts). Epochs and batch size come from lib/training-data/plan.ts, which the form also uses.
 */

import { type Architecture, parameterCount } from './architecture.ts'
import { type Lora, projections } from './lora.ts'

export type Method = 'full' | 'lora'
export type Objective = 'supervised' | 'dpo'

/** Parameter count above which a model is large: full training needs 16 bytes per parameter. */
const BIG = 50e6

/**
 * Peak rates for models of the shipped model's size: the lesson's ten rows, fourteen epochs, 40 unseen questions, seeds 1,
 * 2, 3. Answers with the parts of a row / also with its sounds, at temperature 0, and at 1:
 *
 *   full   5e-4                   8.5e-4                 1.3e-3 (seven epochs)
 *          39 39 36 / 37 36 34    36 38 33 / 32 33 30    36 40 – / 33 38 –
 *          33 34 30 / 27 26 23    32 32 28 / 26 27 25    32 26 – / 28 22 –
 *
 * A lower rate keeps more facts.
 *
 * With an adapter, on the first sample at temperature 0.4; answers in form / with only correct facts, seeds 1, 2, 3
 * where measured:
 *
 *   lora   1e-3     2e-3           3e-3           5e-3     1e-2
 *          36/40    40/40 40/40    -  40/38 40/39 40/39    39/34
 */
const SMALL_RATE: Record<Method, number> = { full: 5e-4, lora: 2e-3 }

/**
 * For adapters, the best rate falls with a model's width: 5e-4 · (2000 / hidden)^0.78, and is half as high again in runs
 * of about a hundred steps, which are the usual ones here (Schulman et al. 2025, LoRA Without Regret, and their cookbook's
 * rule for Llama). Full training needs a tenth of the long runs' rate (same source): 1.3e-4 for SmolLM2-135M, width 576,
 * where 1e-4 gives 38 of 40 in form.
 *
 * Measured on that model by adapter, ten rows, ten epochs, forty unseen questions, seeds 1, 2, 3: answers with the parts
 * of a row / also with its sounds, at temperature 0, and at 1:
 *
 *   rows             rate    warm-up   temperature 0              1
 *   the lesson's     1.3e-3  5         38 32 26 / 7 8 5           29 31 – / 1 3 –
 *                    2e-3    20        34 38 36 / 8 7 8           30 34 30 / 7 5 5
 *                    3e-3    20        31 – – / 7 – –             27 – – / 2 – –
 *   varied, 1 to 10  1.3e-3  5         35 33 – / 11 2 –           –
 *                    2e-3    20        35 – – / 8 – –             33 – – / 2 – –
 *   varied, 21 to 30 2e-3    20        18 – – / 7 – –             11 – – / 4 – –
 *
 * With fourteen epochs, as the lesson's ten rows are trained now, at 2e-3 after 20 steps of warm-up:
 *
 *   the lesson's                       36 37 40 / 9 10 15         26 31 34 / 6 6 9
 *   in one pattern                     39 39 39 / 12 14 17        37 35 35 / 7 10 12
 *   varied, 1 to 10                    35 37 37 / 7 6 5           28 33 35 / 2 2 3
 *
 * What was tried besides, on the lesson's rows at 2e-3 after 20 steps of warm-up: weights averaged over the last half
 * of the steps 35 33 33 / 11 14 11, 28 31 27 / 5 6 6, over the last quarter 33 / 7; batches of two 18 / 6; rank 32
 * 39 / 4. At 1.3e-3 with β₂ = 0.95 29 32 / 7 7, with rank 32 at 1.5e-3 40 28 / 5 7.
 */
const bigRate = (method: Method, hidden: number): number =>
  5e-4 * (2000 / hidden) ** 0.78 * (method === 'full' ? 0.1 : 1.5)

/** Most steps of warm-up. A large model takes a high rate better after a long one; a small one is trained in seconds. */
export const automaticWarmUp = (architecture: Architecture): number =>
  parameterCount(architecture) > BIG ? 20 : 5

/**
 * Of the rate for answers, as in practice (Tülu 3: 5e-7 after 5e-6; TRL's defaults: 1e-6 after 2e-5). Measured on the
 * shipped model (tests/bench/preference.ts): ten pairs, an answer in form chosen over the base's own, ten epochs, beta
 * 0.1, seed 1. Of thirty held-out pairs all are then ordered right at every rate; reward margin there, and greedy
 * answers of 40 in form / with right facts, from the base and from the base after the lesson (40/39):
 *
 *   share      1                    0.3                  0.1                  0.03
 *   full       15: 0/39   23: 32/28   10: 0/40   16: 40/40   6: 16/40   11: 40/40   5: 0/39   6: 40/40
 *   lora       12: 0/36   15: 17/21                         4: 0/38    5: 40/40    2: 0/38   2: 40/40
 *
 * At the full rate answers run on, and what was known is lost.
 */
const PREFERENCE_SHARE = 0.1

/** Peak learning rate at a multiplier of 1. */
export const automaticLearningRate = (
  method: Method,
  architecture: Architecture,
  objective: Objective = 'supervised',
): number =>
  (parameterCount(architecture) > BIG ? bigRate(method, architecture.hidden) : SMALL_RATE[method]) *
  (objective === 'dpo' ? PREFERENCE_SHARE : 1)

/** Default adapter: every projection, scale alpha / rank = 2. */
export const automaticLora: Lora = { rank: 16, alpha: 32, targets: projections }

/** The adapter that a method trains; null if it trains every weight. */
export const loraOf = (method: Method): Lora | null => (method === 'lora' ? automaticLora : null)

export const automaticMethod = (parameters: number): Method => (parameters > BIG ? 'lora' : 'full')
