import type { Hyperparameters } from './schema.ts'

/** A value as it will be, and whether it was chosen by rule; `reason` names the rule in the catalogue. */
export interface Resolved {
  value: number
  auto: boolean
  reason: 'few' | 'usual' | 'many' | 'share' | 'base' | null
}

const MIN_SEEN = 100
const MAX_SEEN = 25_000

function epochs(examples: number): Resolved {
  if (examples * 3 < MIN_SEEN) {
    return {
      value: Math.min(25, Math.max(1, Math.floor(MIN_SEEN / Math.max(1, examples)))),
      auto: true,
      reason: 'few',
    }
  }
  if (examples * 3 > MAX_SEEN)
    return { value: Math.max(1, Math.floor(MAX_SEEN / examples)), auto: true, reason: 'many' }
  return { value: 3, auto: true, reason: 'usual' }
}

/** About 0.2 % of the examples, from 1 to 256. */
const batch = (examples: number): Resolved => ({
  value: Math.min(256, Math.max(1, Math.round(examples * 0.002))),
  auto: true,
  reason: 'share',
})

const asSet = (value: number): Resolved => ({ value, auto: false, reason: null })

/**
 * What "auto" will become, by the rules that OpenAI's service is observed to follow: about a hundred examples seen
 * in all for small files, three epochs usually, at most 25,000 seen; batches of 0.2 % of the examples.
 * @param examples rows of the training file
 */
export function resolve({ nEpochs, batchSize, learningRateMultiplier }: Hyperparameters, examples: number) {
  return {
    nEpochs: nEpochs === 'auto' ? epochs(examples) : asSet(nEpochs),
    batchSize: batchSize === 'auto' ? batch(examples) : asSet(batchSize),
    learningRateMultiplier:
      learningRateMultiplier === 'auto'
        ? ({ value: 1, auto: true, reason: 'base' } satisfies Resolved)
        : asSet(learningRateMultiplier),
  }
}

export interface Plan {
  examples: number
  /** Of one epoch. */
  tokens: number
  nEpochs: number
  batchSize: number
}

/** Optimizer steps of the whole run. */
export const stepsOf = ({ examples, batchSize, nEpochs }: Plan): number =>
  Math.ceil(examples / batchSize) * nEpochs

/** Tokens that a provider bills: every token of every epoch. */
export const billedTokens = ({ tokens, nEpochs }: Plan): number => tokens * nEpochs
