import type { Alternative, Resolved } from './plan-schema.ts'

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

/** Which "auto": the built-in engine's, the one observed at OpenAI, or a number of the provider's own. */
export type EpochRule = 'engine' | 'openai' | number

/** Epochs that providers train where none are asked for, by their documentation. */
const OWN_EPOCHS: Record<string, number> = { together: 1, fireworks: 1, nebius: 3 }

export function epochRuleOf(providerId: string): EpochRule {
  const [kind = ''] = providerId.split('-')
  return kind === 'embedded' || kind === 'limerick' ? 'engine' : (OWN_EPOCHS[kind] ?? 'openai')
}

/**
 * Examples × epochs of a small file, about, and its most epochs. For the built-in engine by measurement on its base
 * (tests/bench/learning-rate.ts): rate 5e-4, unseen questions; answers in form / also with its sounds, means of seeds
 * 1, 2, 3:
 *
 *   rows                   epochs: 7          10         14         20
 *   the lesson's ten       T = 0   38.3/37.3  38.3/35.0  38.0/35.7  38.3/33.3   of 40
 *                          T = 1   20.3/14.3  26.7/20.0  32.3/25.3  32.7/26.3
 *   ten in one pattern     T = 0   –          40/40      40/40      40/40
 *                          T = 1   –          40/39.3    40/40      40/40
 *
 *                          epochs: 3          5          8          12
 *   forty varied           T = 0   4.0        7.0        7.0        5.0         of 15
 *                          T = 1   2.7        3.3        4.3        5.0
 *   forty in one pattern   T = 0   16/16      –          16/16      –           of 16
 *                          T = 1   15/12      –          15/15      –
 */
const FEW: Record<'engine' | 'openai', { seen: number; most: number }> = {
  engine: { seen: 200, most: 14 },
  openai: { seen: 100, most: 25 },
}

/** Examples × epochs of a big file, at most. */
const MAX_SEEN = 25_000

/** Epochs in between. */
const USUAL: Record<'engine' | 'openai', number> = { engine: 1, openai: 3 }

/** The number of epochs for "auto". */
export function automaticEpochs(examples: number, rule: EpochRule): Resolved {
  const resolved = (value: number, reason: Resolved['reason']): Resolved => ({ value, auto: true, reason })
  if (typeof rule === 'number') return resolved(rule, 'own')
  const usual = USUAL[rule]
  const { seen, most } = FEW[rule]
  if (examples * usual < seen)
    return resolved(Math.min(most, Math.max(1, Math.floor(seen / Math.max(1, examples)))), 'few')
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
  batchSize: orSet(batchSize, {
    ...automaticBatchSize(examples),
    // What it is, such a provider does not say beforehand: the number is a guess for the steps.
    ...(typeof rule === 'number' && { reason: 'own' as const }),
  }),
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
