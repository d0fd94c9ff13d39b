import { z } from 'zod'

/** A resolved value, and whether it was automatic; `reason` names the rule in the catalogue. */
export const Resolved = z.object({
  value: z.number(),
  auto: z.boolean(),
  reason: z.enum(['few', 'usual', 'once', 'many', 'share', 'base']).nullable(),
})
export type Resolved = z.infer<typeof Resolved>

/** Hyperparameters as the user sets them; the learning rate is a multiple of the base model's. */
export interface Wanted {
  nEpochs: number | 'auto'
  batchSize: number | 'auto'
  learningRateMultiplier: number | 'auto'
}

/** Most epochs of a job. */
export const MAX_EPOCHS = 50

/** Beta of training on preference pairs (DPO): OpenAI's range ends here; the value is the usual one, in TRL too. */
export const MAX_BETA = 2
export const AUTOMATIC_BETA = 0.1

/** Which "auto": the built-in engine's, or the one observed at OpenAI. */
export type EpochRule = 'engine' | 'openai'

export const epochRuleOf = (providerId: string): EpochRule =>
  providerId === 'embedded' ? 'engine' : 'openai'

/** Examples × epochs: about the least for a small file, and the most for a big one. */
const MIN_SEEN = 100
const MAX_SEEN = 25_000

/**
 * Epochs in between. For the built-in engine by measurement: rows in the pattern of the first sample
 * (tests/bench/lesson.ts), batches of one, temperature 0.4, forty unseen questions, seed 1; answers in form / with right facts only:
 *
 *   rows   epochs: 1      2      3      5      10     20
 *   10             -      -      39/40  40/40  40/39  40/38
 *   40             -      40/38  39/39  40/34  37/27  -
 *   200            40/39  39/25  39/18  -      -      -
 *
 * Once the form is trained, more epochs cost facts.
 */
const USUAL: Record<EpochRule, number> = { engine: 1, openai: 3 }

/** The number of epochs for "auto". */
export function automaticEpochs(examples: number, rule: EpochRule): Resolved {
  const usual = USUAL[rule]
  const resolved = (value: number, reason: Resolved['reason']): Resolved => ({ value, auto: true, reason })
  if (examples * usual < MIN_SEEN)
    return resolved(Math.min(25, Math.max(1, Math.floor(MIN_SEEN / Math.max(1, examples)))), 'few')
  if (examples * usual > MAX_SEEN) return resolved(Math.max(1, Math.floor(MAX_SEEN / examples)), 'many')
  return resolved(usual, rule === 'engine' ? 'once' : 'usual')
}

/** About 0.2 % of the examples, from 1 to 256. */
export const automaticBatchSize = (examples: number): Resolved => ({
  value: Math.min(256, Math.max(1, Math.round(examples * 0.002))),
  auto: true,
  reason: 'share',
})

const RATE: Resolved = { value: 1, auto: true, reason: 'base' }

const orSet = (wanted: number | 'auto', automatic: Resolved): Resolved =>
  wanted === 'auto' ? automatic : { value: wanted, auto: false, reason: null }

/**
 * Replaces "auto" by values.
 * @param examples rows of the training file
 */
export const resolve = (
  { nEpochs, batchSize, learningRateMultiplier }: Wanted,
  examples: number,
  rule: EpochRule,
) => ({
  nEpochs: orSet(nEpochs, automaticEpochs(examples, rule)),
  batchSize: orSet(batchSize, automaticBatchSize(examples)),
  learningRateMultiplier: orSet(learningRateMultiplier, RATE),
})

export interface Plan {
  examples: number
  /** Of one epoch. */
  tokens: number
  nEpochs: number
  batchSize: number
}

/** Optimizer steps of the whole job. */
export const stepsOf = ({ examples, batchSize, nEpochs }: Omit<Plan, 'tokens'>): number =>
  Math.ceil(examples / batchSize) * nEpochs

/** Tokens that a provider bills: all tokens of every epoch. */
export const billedTokens = ({ tokens, nEpochs }: Pick<Plan, 'tokens' | 'nEpochs'>): number =>
  tokens * nEpochs

/** Another choice of rows and epochs. */
export const Alternative = z.object({
  rows: z.number(),
  epochs: z.number(),
})
export type Alternative = z.infer<typeof Alternative>

/**
 * Rows against epochs: half, all and twice the rows, each with one epoch, the automatic number for that many rows,
 * and twice that.
 */
export function alternatives(examples: number, rule: EpochRule): Alternative[] {
  const rows = new Set([Math.ceil(examples / 2), examples, examples * 2].filter((count) => count > 0))
  return [...rows].flatMap((count) => {
    const usual = automaticEpochs(count, rule).value
    const epochs = new Set([1, usual, Math.min(MAX_EPOCHS, usual * 2)])
    return [...epochs].map((often) => ({ rows: count, epochs: often }))
  })
}
